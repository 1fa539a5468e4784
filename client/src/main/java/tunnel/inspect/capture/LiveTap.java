package tunnel.inspect.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;
import tunnel.channel.StreamResetException;
import tunnel.inspect.store.LocalTarget;
import tunnel.inspect.store.Recorded;

/// A stream that is captured: one exchange after another, never two at a time, for so the edge uses a connection.
final class LiveTap implements ReplayTap {
    private static final Logger log = LoggerFactory.getLogger(LiveTap.class);
    /// Of a request whose local service could not be reached.
    private static final int MOST_OF_REFUSED = 64 << 10;

    /// Where a stream comes from, and where it goes.
    ///
    /// @param visitor the address, or empty
    /// @param http whether it is HTTP
    /// @param edgeMicros what the server says of the time before, or -1
    /// @param left whether the other end has broken it
    record Origin(
            LocalTarget target, String visitor, Repeated repeated, boolean http, long edgeMicros, BooleanSupplier left) {}

    /// Of a request that is repeated.
    ///
    /// @param of the exchange that it repeats, or 0
    /// @param watcher is told of each change
    record Repeated(long of, Consumer<Recorded> watcher) {
        static final Repeated NONE = new Repeated(0, _ -> {});
    }

    private final Capture capture;
    private final Origin origin;
    private final long opened = System.nanoTime();
    private final Half up = new Half(this, false);
    private final Half down = new Half(this, true);

    private boolean used; // the thread that carries requests only: there was an exchange before
    private volatile @Nullable Flight current;
    private volatile @Nullable String failure; // before there was an exchange to have it
    private volatile boolean toHead;
    private volatile boolean switched;
    private volatile boolean webSocket;
    private volatile boolean broken; // by a fault of ours: nothing is looked at any more

    LiveTap(Capture capture, Origin origin) {
        this.capture = capture;
        this.origin = origin;
        if (!origin.http()) {
            Flight connection = begin();
            if (connection != null) {
                up.raw(connection);
                down.raw(connection);
                capture.offer(new Note.Look(connection));
            } else {
                broken = true;
            }
        }
    }

    Capture capture() {
        return capture;
    }

    Origin origin() {
        return origin;
    }

    /// Another request begins.
    ///
    /// @return null where it is not captured
    @Nullable Flight begin() {
        Flight before = current;
        if (before != null && before.overAt() == 0) { // its response's head had no room, or is none
            before.over(System.nanoTime(), false);
            capture.offer(new Note.Look(before));
        }
        Flight flight = null;
        if (origin.repeated().of() != 0 || capture.admits()) {
            long now = System.nanoTime();
            flight = new Flight(this, used ? now : opened, now);
            String why = failure;
            if (why != null) {
                flight.fail(why);
            }
        }
        used = true;
        current = flight;
        return flight;
    }

    /// Whether the flight is the first of its connection.
    boolean isFirst(Flight flight) {
        return flight.began() == opened;
    }

    @Nullable Flight current() {
        return current;
    }

    void toHead(boolean head) {
        toHead = head;
    }

    boolean isToHead() {
        return toHead;
    }

    void switched(boolean toWebSocket) {
        webSocket = toWebSocket;
        switched = true;
    }

    boolean isSwitched() {
        return switched;
    }

    boolean isWebSocket() {
        return webSocket;
    }

    @Override
    public void fromVisitor(ByteBuffer data) {
        look(up, data);
    }

    @Override
    public void fromLocal(ByteBuffer data) {
        look(down, data);
    }

    private void look(Half half, ByteBuffer data) {
        if (broken) {
            return;
        }
        try {
            half.look(data);
        } catch (RuntimeException | OutOfMemoryError e) { // whatever is wrong here, the bytes go on
            broken = true;
            log.error("a stream cannot be inspected any more", e);
        }
    }

    @Override
    public boolean isAnswered() {
        Flight flight = current;
        return flight != null && flight.isResponseDone();
    }

    @Override
    public void localEnded() {
        Flight flight = current;
        if (!origin.left().getAsBoolean()) {
            down.end();
        } else if (flight != null) {
            flight.left(); // what looks like an end is ours
        }
    }

    @Override
    public void failed(String why) {
        Flight flight = current;
        if (flight == null) {
            failure = why;
        } else if (origin.left().getAsBoolean()) {
            flight.left();
        } else if (!flight.isResponseDone()) {
            flight.fail(why);
        }
    }

    @Override
    public void ended(boolean byVisitor) {
        Flight flight = current;
        if (flight != null && flight.overAt() == 0) {
            flight.over(System.nanoTime(), byVisitor);
            capture.offer(new Note.Look(flight));
        }
    }

    @Override
    public StreamInput watching(StreamInput fromVisitor) {
        return new StreamInput() {
            @Override
            public @Nullable ByteBuffer next() throws IOException {
                try {
                    ByteBuffer data = fromVisitor.next();
                    if (data != null) {
                        fromVisitor(data);
                    }
                    return data;
                } catch (StreamResetException e) {
                    throw e; // whose doing it was is known at the end
                } catch (IOException e) {
                    failed("the connection to the server was lost");
                    throw e;
                }
            }

            // of what nobody takes the head is worth knowing
            @Override
            public void discard() throws IOException {
                int looked = 0;
                try {
                    for (ByteBuffer data = next(); data != null; data = next()) {
                        looked += data.remaining();
                        if (looked > MOST_OF_REFUSED) {
                            fromVisitor.discard();
                            return;
                        }
                    }
                } catch (StreamResetException e) {
                    // that is the end of it too
                }
            }
        };
    }

    @Override
    public StreamOutput watching(StreamOutput toVisitor) {
        return new StreamOutput() {
            @Override
            public void send(ByteBuffer data) throws IOException {
                fromLocal(data);
                toVisitor.send(data);
            }

            @Override
            public void end() throws IOException {
                localEnded();
                toVisitor.end();
            }

            @Override
            public void sendLast(ByteBuffer data) throws IOException {
                fromLocal(data);
                toVisitor.sendLast(data);
                localEnded();
            }

            @Override
            public void cutOff() {
                failed("the local service broke off");
                toVisitor.cutOff();
            }

            @Override
            public void reset() {
                failed("the local service broke off");
                toVisitor.reset();
            }
        };
    }
}
