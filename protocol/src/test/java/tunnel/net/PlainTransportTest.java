package tunnel.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class PlainTransportTest {
    private static final ByteBuffer MORE_THAN_THE_KERNEL_TAKES = ByteBuffer.allocateDirect(64 << 20);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    @Test
    void whatHasArrivedIsReadWithoutWaiting() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(pair.near().readNow(target)).isZero();

            pair.far().write(bytes("abc"));
            assertThat(pair.near().read(target)).isEqualTo(3); // it is here by now, and so is what follows on loopback
            pair.far().write(bytes("de"));
            assertThat(pair.near().readNow(target)).isEqualTo(2);
            pair.far().shutdownOutput();
            assertThat(pair.near().readNow(target)).isEqualTo(-1);
            assertThat(pair.near().read(target)).isEqualTo(-1);
            assertThat(new String(target.array(), 0, target.position(), ISO_8859_1)).isEqualTo("abcde");
        }
    }

    @Test
    void whatComesAfterALookIsWaitedFor() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(pair.near().readNow(target)).isZero();
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    pair.far().write(bytes("abc"));
                } catch (IOException e) {
                    pair.far().reset();
                }
            });
            assertThat(pair.near().read(target)).isEqualTo(3);
            writer.join();
        }
    }

    @Test
    void resetThatAWriteHasHeardOfDoesNotLookLikeAnEndInOrder() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            pair.far().reset();
            assertThatThrownBy(() -> {
                        while (true) {
                            pair.near().write(bytes("abc"));
                        }
                    })
                    .isInstanceOf(IOException.class);

            assertThatThrownBy(() -> pair.near().read(ByteBuffer.allocate(10)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the connection was reset");
        }
    }

    @Test
    void resetNeverLooksLikeAnEndInOrderWhoeverHearsOfItFirst() throws Exception {
        for (int round = 0; round < 1000; round++) {
            try (LoopbackPair pair = LoopbackPair.open()) {
                Thread writer = Thread.ofPlatform().start(() -> writeUntilItFails(pair.near()));
                Thread resetter = Thread.ofVirtual().start(pair.far()::reset);
                assertThatThrownBy(() -> pair.near().read(ByteBuffer.allocate(10)))
                        .as("round %d", round)
                        .isInstanceOf(IOException.class);
                resetter.join();
                writer.join();
            }
        }
    }

    private static void writeUntilItFails(PlainTransport to) {
        try {
            while (true) {
                to.write(bytes("abc"));
            }
        } catch (IOException e) {
            // the end of it
        }
    }

    @Test
    void halfThatEndsIsSeenToEndWhileAWriteWaitsForRoom() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    pair.near().write(MORE_THAN_THE_KERNEL_TAKES.duplicate());
                } catch (IOException e) {
                    // the test is over
                }
            });
            while (!pair.near().hasStalled(System.nanoTime(), Duration.ofMillis(50))) {
                Thread.onSpinWait();
            }
            pair.far().shutdownOutput();
            assertThat(pair.near().read(ByteBuffer.allocate(10))).isEqualTo(-1);

            pair.near().reset();
            writer.join();
        }
    }
}
