package tunnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatSaysTheSameAlreadyIsLeftAloneAndAnyOtherIsReplaced() throws IOException {
        try (StateDirectory state = StateDirectory.open(folder.resolve("state"))) {
            Path file = state.path("join");
            state.write("join", "one");
            Object first = Files.getAttribute(file, "unix:ino");
            state.write("join", "one");
            assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(first);

            state.write("join", "another");
            assertThat(file).content().isEqualTo("another");
        }
    }

    @Test
    void whoGetsTheFolderReadsWhatWasWrittenLast() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (StateDirectory first = StateDirectory.open(folder.resolve("state"))) {
                AtomicInteger written = new AtomicInteger();
                Thread writer = Thread.ofVirtual().name("writer").start(() -> writeUntilItIsAnothers(first, written));
                while (written.get() < 2) {
                    Thread.onSpinWait();
                }
                first.unlock();
                try (StateDirectory second = StateDirectory.open(folder.resolve("state"))) {
                    String read = second.read("tokens");
                    writer.join();
                    assertThat(read).isEqualTo(Integer.toString(written.get())).isEqualTo(second.read("tokens"));
                }
                assertThatThrownBy(() -> first.write("tokens", "more")).hasMessageContaining("is taking the place of this one");
            }
        }
    }

    private static void writeUntilItIsAnothers(StateDirectory state, AtomicInteger written) {
        try {
            while (true) {
                state.write("tokens", Integer.toString(written.get() + 1));
                written.incrementAndGet();
            }
        } catch (IOException e) {
            // another has it
        }
    }
}
