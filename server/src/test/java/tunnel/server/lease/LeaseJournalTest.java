package tunnel.server.lease;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Bytes;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class LeaseJournalTest {
    private static final Bytes ANN = Bytes.random(16);
    private static final Bytes BEN = Bytes.random(16);
    private static final LeaseKey OTTER = LeaseKey.name("blue-otter");
    private static final LeaseKey HOST = LeaseKey.host("www.example.org");
    private static final LeaseKey PORT = LeaseKey.port(20000);

    @TempDir
    private Path folder;

    private Path state;
    private Path file;

    @BeforeEach
    void place() throws IOException {
        state = Files.createDirectory(folder.resolve("state"));
        file = state.resolve("leases");
    }

    private Map<LeaseKey, Bytes> read() throws IOException {
        try (LeaseJournal journal = LeaseJournal.open(file)) {
            return journal.leasesBefore();
        }
    }

    private void save(LeaseKey... keys) throws IOException {
        try (LeaseJournal journal = LeaseJournal.open(file)) {
            for (LeaseKey key : keys) {
                journal.awaitWritten(journal.hold(key, ANN));
            }
        }
    }

    @Test
    void whatWasHeldIsThereAgainAndWhatWasFreedIsNot() throws Exception {
        try (LeaseJournal journal = LeaseJournal.open(file)) {
            assertThat(journal.leasesBefore()).isEmpty();
            var _ = journal.hold(OTTER, ANN);
            var _ = journal.hold(HOST, ANN);
            journal.free(OTTER);
            var _ = journal.hold(PORT, BEN);
            journal.awaitWritten(journal.hold(OTTER, BEN));
            assertThat(read()).isEqualTo(Map.of(OTTER, BEN, HOST, ANN, PORT, BEN));
            journal.free(HOST);
        }
        assertThat(read()).isEqualTo(Map.of(OTTER, BEN, PORT, BEN));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 50})
    void aLineThatWasHalfWrittenIsSetAsideAndTheLinesBeforeItAreUsed(int missing) throws Exception {
        save(OTTER, HOST, PORT);
        byte[] whole = Files.readAllBytes(file);
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - missing);
        Files.write(file, cut);

        try (LogLines log = new LogLines(Level.WARN)) {
            assertThat(read()).isEqualTo(Map.of(OTTER, ANN, HOST, ANN));
            assertThat(log.with("is damaged: its first 2 lines are used")).hasSize(1);
        }
        assertThat(damaged()).hasSize(1).first().satisfies(path -> assertThat(Files.readAllBytes(path)).isEqualTo(cut));
        save(PORT);
        assertThat(read()).isEqualTo(Map.of(OTTER, ANN, HOST, ANN, PORT, ANN));
        assertThat(damaged()).hasSize(1);
    }

    @Test
    void aFileOfSomethingElseCostsNoStart() throws Exception {
        byte[] noise = new byte[10_000];
        new java.util.Random(7).nextBytes(noise);
        Files.write(file, noise);

        assertThat(read()).isEmpty();
        save(OTTER);
        assertThat(read()).isEqualTo(Map.of(OTTER, ANN));
    }

    @Test
    void aLineThatWasChangedIsNotBelieved() throws Exception {
        save(OTTER, HOST);
        Files.writeString(file, Files.readString(file).replace("blue-otter", "blue-otten"));

        assertThat(read()).isEmpty();
    }

    private List<Path> damaged() throws IOException {
        try (Stream<Path> all = Files.list(state)) {
            return all.filter(path -> path.getFileName().toString().startsWith("leases.damaged-")).toList();
        }
    }

    @Test
    void aDiskThatTakesNothingLosesNothing() throws Exception {
        save(OTTER);
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(state);
        try (LogLines log = new LogLines(Level.INFO);
                LeaseJournal journal = LeaseJournal.open(file)) {
            long held = journal.hold(HOST, ANN);
            assertThatThrownBy(() -> journal.awaitWritten(held)).hasMessage("there is no such file or folder");
            assertThat(log.with("leases cannot be saved")).hasSize(1);
            Files.createDirectory(state);
            Files.write(file, before);
            journal.awaitWritten(journal.hold(PORT, ANN));
            assertThat(log.with("leases can be saved again")).hasSize(1);
            assertThat(read()).isEqualTo(Map.of(HOST, ANN, PORT, ANN));
        }
    }

    @Test
    void theFileDoesNotGrowForEver() throws Exception {
        try (LeaseJournal journal = LeaseJournal.open(file)) {
            long last = 0;
            for (int i = 0; i < 5_000; i++) {
                last = journal.hold(OTTER, ANN);
                journal.free(OTTER);
                if (i % 100 == 0) {
                    journal.awaitWritten(last);
                }
            }
            journal.awaitWritten(journal.hold(HOST, ANN));
            try (Stream<String> lines = Files.lines(file, UTF_8)) {
                assertThat(lines.count()).isLessThan(2_000);
            }
        }
        assertThat(read()).isEqualTo(Map.of(HOST, ANN));
    }

    @Test
    void manyWhoWaitShareAForce() throws Exception {
        try (LeaseJournal journal = LeaseJournal.open(file)) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                LeaseKey key = LeaseKey.port(i);
                clients.add(Thread.ofVirtual().start(() -> {
                    try {
                        journal.awaitWritten(journal.hold(key, ANN));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(read()).hasSize(500);
        }
    }

    @Test
    void afterTheEndNothingIsPromised() throws Exception {
        LeaseJournal journal = LeaseJournal.open(file);
        journal.close();
        long held = journal.hold(OTTER, ANN);
        assertThatThrownBy(() -> journal.awaitWritten(held)).isInstanceOf(IOException.class);
        assertThat(read()).isEmpty();
    }

    @Test
    void theFileIsText() throws Exception {
        save(OTTER);
        assertThat(Files.readString(file, ISO_8859_1)).matches("[0-9a-f]{8} hold " + ANN.hex() + " name blue-otter\n");
    }
}
