package tunnel.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.channel.TwoSides.Side;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.PlainTransport;

/// A visitor's socket relayed to the near side of a stream; the test is the visitor and the far side.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RelayTest {
    private LoopbackPair visitorPair;
    private PlainTransport visitor;
    private TwoSides sides;
    private Side far;
    private Relay relay;
    private CompletableFuture<Boolean> sending;
    private CompletableFuture<Void> receiving;

    @BeforeEach
    void relay() throws IOException {
        visitorPair = LoopbackPair.open();
        visitor = visitorPair.near();
        sides = new TwoSides();
        far = sides.far;
        relay = new Relay(visitorPair.far(), sides.resources.buffers());
        sending = new CompletableFuture<>();
        receiving = new CompletableFuture<>();
        Thread.ofVirtual().name("stream-out").start(() -> sending.complete(relay.send(sides.near.stream)));
        Thread.ofVirtual().name("stream-in").start(() -> {
            try {
                relay.receive(sides.near.stream, sides.near.stream);
                receiving.complete(null);
            } catch (IOException e) {
                receiving.completeExceptionally(e);
            }
        });
    }

    @AfterEach
    void close() {
        visitorPair.close();
        sides.close();
    }

    private void visitorSends(String text) throws IOException {
        visitor.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private String visitorReads(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && visitor.read(bytes) >= 0) {
            // to the end
        }
        return UTF_8.decode(bytes.flip()).toString();
    }

    @Test
    void aHalfClosedRequestStillGetsItsWholeResponse() throws Exception {
        visitorSends("request");
        visitor.shutdownOutput();
        assertThat(far.next()).isEqualTo("request");
        assertThat(far.next()).isNull();
        assertThat(sending.get()).isTrue();
        far.send("response");
        far.stream.end();

        assertThat(visitorReads(100)).isEqualTo("response");
        receiving.get();
        assertThat(relay.sent()).isEqualTo(7);
        assertThat(relay.received()).isEqualTo(8);
        assertThat(sides.near.finished).hasValue(1);
        assertThat(far.finished).hasValue(1);
    }

    @Test
    void aHalfClosedResponseStillLetsTheRequestThrough() throws Exception {
        far.send("early");
        far.stream.end();
        assertThat(visitorReads(100)).isEqualTo("early");
        receiving.get();
        visitorSends("late");
        assertThat(far.next()).isEqualTo("late");
        visitor.shutdownOutput();

        assertThat(far.next()).isNull();
        assertThat(sending.get()).isTrue();
        assertThat(sides.near.finished).hasValue(1);
    }

    @Test
    void manyBytesArriveAsTheyWereSent() throws Exception {
        byte[] sent = new byte[5_000_000];
        new Random(3).nextBytes(sent);
        Thread visiting = Thread.ofVirtual().name("visitor-sending").start(() -> {
            try {
                visitor.write(ByteBuffer.wrap(sent));
                visitor.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        ByteBuffer got = ByteBuffer.allocate(sent.length);
        for (ByteBuffer data = far.stream.next(); data != null; data = far.stream.next()) {
            got.put(data);
        }
        visiting.join();

        assertThat(got.array()).isEqualTo(sent);
        assertThat(sending.get()).isTrue();
        assertThat(relay.sent()).isEqualTo(sent.length);
    }

    @Test
    void aStreamResetByTheOtherSideResetsTheVisitor() throws Exception {
        far.send("half");
        assertThat(visitorReads(4)).isEqualTo("half");
        far.stream.reset();

        assertThatThrownBy(() -> visitor.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
        receiving.get();
        assertThat(sending.get()).isFalse();
        far.stream.discard();
        assertThat(sides.near.finished).hasValue(1);
        assertThat(far.finished).hasValue(1);
    }

    @Test
    void aVisitorThatBreaksOffResetsTheStream() throws Exception {
        visitorSends("half");
        assertThat(far.next()).isEqualTo("half");
        visitor.reset();

        assertThatThrownBy(far::next).isInstanceOf(StreamResetException.class);
        assertThat(sending.get()).isFalse();
        far.stream.reset();
        receiving.get();
        assertThat(sides.near.finished).hasValue(1);
    }

    @Test
    void aVisitorThatIsGoneWhileItIsWrittenToLeavesTheChannelUsable() throws Exception {
        visitor.shutdownOutput(); // its own half is over, so only writing can notice
        assertThat(sending.get()).isTrue();
        visitor.reset();
        assertThatThrownBy(() -> {
                    for (long sent = 1000; ; sent += 1000) {
                        far.send("x".repeat(1000));
                        while (relay.received() < sent && !sides.near.stream.isReset()) {
                            Thread.onSpinWait(); // no more than can be discarded is to be under way
                        }
                        if (sides.near.stream.isReset()) {
                            far.stream.end();
                            throw new StreamResetException();
                        }
                    }
                })
                .isInstanceOf(StreamResetException.class);
        receiving.get();

        assertThat(sides.near.finished).hasValue(1);
        assertThat(sides.pair.near().isOpen()).isTrue();
    }

    @Test
    void aLostChannelResetsTheVisitorAndIsTold() {
        far.frames.abort();

        assertThatThrownBy(receiving::get).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> visitor.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        assertThat(sending.join()).isFalse();
    }

    /// What a relay does with its stream, as words.
    private static final class Recorded implements StreamOutput {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void send(ByteBuffer data) {
            calls.add("send " + UTF_8.decode(data));
        }

        @Override
        public void end() {
            calls.add("end");
        }

        @Override
        public void sendLast(ByteBuffer data) {
            calls.add("last " + UTF_8.decode(data));
        }

        @Override
        public void cutOff() {
            calls.add("cut off");
        }

        @Override
        public void reset() {
            calls.add("reset");
        }
    }

    @Test
    void whatIsAllThatComesIsSentTogetherWithTheEnd() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            Relay late = new Relay(pair.far(), sides.resources.buffers());
            Recorded stream = new Recorded();
            pair.near().write(ByteBuffer.wrap("all of it".getBytes(UTF_8)));
            pair.near().shutdownOutput();

            assertThat(late.send(stream)).isTrue();
            assertThat(stream.calls).containsExactly("last all of it");
            assertThat(late.sent()).isEqualTo(9);
        }
    }

    @Test
    void whatCameBeforeAResetIsSent() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            Relay late = new Relay(pair.far(), sides.resources.buffers());
            Recorded stream = new Recorded();
            pair.near().write(ByteBuffer.wrap("half".getBytes(UTF_8)));
            pair.near().reset();

            assertThat(late.send(stream)).isFalse();
            assertThat(stream.calls).containsExactly("send half", "reset");
            assertThat(late.sent()).isEqualTo(4);
        }
    }
}
