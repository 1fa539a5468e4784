package tunnel.server.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.DataStream;
import tunnel.channel.StreamOutput;
import tunnel.channel.StreamResetException;
import tunnel.log.Printable;
import tunnel.net.Deadlines.Deadline;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.server.registry.Refusal;
import tunnel.server.registry.Tunnel;
import tunnel.server.registry.Visitor;

/// One visitor's stream. Until the client says `Accepted` it may move to another data channel: the first bytes are kept, and
/// sent again behind another `Open` when the channel dies or stays silent. The client acts on a stream number once, so this
/// never repeats a request.
///
/// The visitor's thread opens and sends; the thread of the stream's present data channel receives, and moves the stream
/// when the channel has died under it.
final class ServerStream implements StreamOutput {
    private static final Logger log = LoggerFactory.getLogger(ServerStream.class);

    private enum State {
        OPENING,
        ACCEPTED,
        OPENED,
        /// refused, reset or lost
        OVER
    }

    private final Session session;
    private final Tunnel tunnel;
    private final Visitor visitor;
    private final long number;
    private final long deadlineNanos;
    private final CountDownLatch decided = new CountDownLatch(1); // accepted, or over
    private final CountDownLatch answered = new CountDownLatch(1); // opened, or over
    private final AtomicReference<State> state = new AtomicReference<>(State.OPENING);
    private volatile @Nullable DataStream present;

    /// Held for the writes before `Accepted`, so that `Open` goes before `Data` on every channel that is tried. Those writes
    /// fail as soon as their channel does.
    private final ReentrantLock opening = new ReentrantLock();

    @GuardedBy("opening")
    private @Nullable ByteBuffer first;

    @GuardedBy("opening")
    private @Nullable Deadline silence;

    ServerStream(Session session, Tunnel tunnel, Visitor visitor, long number) {
        this.session = session;
        this.tunnel = tunnel;
        this.visitor = visitor;
        this.number = number;
        this.deadlineNanos = System.nanoTime() + session.limits().streams().accept().toNanos();
    }

    long number() {
        return number;
    }

    /// By the visitor's thread, once.
    ///
    /// @param sentAlready by the visitor, or null; copied
    void open(@Nullable ByteBuffer sentAlready) throws InterruptedException {
        if (sentAlready != null) {
            opening.lock();
            try {
                first = copy(sentAlready);
            } finally {
                opening.unlock();
            }
        }
        attempt();
    }

    /// Tries data channels until one is alive enough to be written to.
    private void attempt() throws InterruptedException {
        boolean written = false;
        while (!written && state.get() == State.OPENING) {
            long left = deadlineNanos - System.nanoTime();
            DataChannel channel = left > 0 ? session.pool().take(left) : null;
            if (channel == null) {
                log.debug("{}: no data channel for stream {} in time", visitor.id(), number);
                refuse(Refusal.NO_DATA_CHANNEL);
                return;
            }
            written = attempt(channel);
        }
    }

    /// The session is over: nobody will come for the visitor any more. From any thread.
    void sessionOver() {
        if (state.get() == State.OPENED) {
            resetByPeer();
        } // else its data channel's end, or its wait for one, tells the visitor
    }

    private boolean attempt(DataChannel channel) {
        opening.lock();
        try {
            DataStream begun = channel.begin(this);
            if (begun == null) {
                return false; // it died in the pool
            }
            present = begun;
            Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
            Duration most = session.limits().streams().attempt();
            silence = session.deadlines().after(left.compareTo(most) < 0 ? left : most, channel::abort);
            channel.write(new Frame.Open(number, tunnel.id(), visitor.address(), waited()), first);
        } catch (IOException e) {
            channel.abort(); // its thread calls channelLost
        } finally {
            opening.unlock();
        }
        if (state.get() == State.OVER) { // the visitor left meanwhile
            settle(null);
            resetPresent();
        }
        return true;
    }

    /// How long the visitor has waited so far, for whoever looks into requests at the client.
    private Options waited() {
        long micros = Math.max(0, System.nanoTime() - visitor.sinceNanos()) / 1000;
        return Options.NONE.with(Options.WAITED, Bytes.ofNumber(micros));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /// The channel under this stream is gone. By that channel's thread.
    void channelLost(DataStream lost) {
        if (state.get() == State.OPENING && isPresent(lost)) {
            try {
                log.debug("{}: stream {} lost its data channel before Accepted, trying another", visitor.id(), number);
                attempt();
            } catch (InterruptedException e) {
                refuse(Refusal.CLIENT_LOST);
            }
        } else {
            session.send(new Frame.Reset(number)); // the client's end may not know, while it waits for its local service
            if (state.get() != State.OPENED) {
                refuse(Refusal.CLIENT_LOST);
            } else if (over() == State.OPENED) {
                visitor.reset();
            }
        }
    }

    /// Whoever has just begun the stream on the channel holds the lock until that is noted.
    private boolean isPresent(DataStream stream) {
        opening.lock();
        try {
            return stream == present;
        } finally {
            opening.unlock();
        }
    }

    /// By the data channel's thread, as the next three.
    void accepted(DataChannel channel) {
        if (state.compareAndSet(State.OPENING, State.ACCEPTED)) {
            decided.countDown();
            settle(session.deadlines().after(session.limits().streams().opened().plus(tunnel.localWait()), channel::abort));
            if (state.get() == State.OVER) { // while it was being settled
                settle(null);
            }
        }
    }

    /// Nothing will be sent again. What bounds the client's silence from here on takes the place of what did so far.
    private void settle(@Nullable Deadline next) {
        opening.lock();
        try {
            first = null;
            if (silence != null) {
                silence.close();
            }
            silence = next;
        } finally {
            opening.unlock();
        }
    }

    /// Relays what comes to the visitor, to the end of that half.
    void opened(DataStream in) throws IOException {
        if (state.compareAndSet(State.ACCEPTED, State.OPENED)) {
            answered.countDown();
            settle(null);
            visitor.opened(in, this);
        } else {
            in.reset();
            in.discard();
        }
    }

    void refused(Frame.Refused refused) {
        log.debug( // visitors can cause as many as they like
                "{}: the client refused stream {} of {}: {} {}",
                visitor.id(),
                number,
                tunnel,
                refused.reason(),
                Printable.of(refused.message()));
        refuse(switch (refused.reason()) {
            case LOCAL_UNREACHABLE -> Refusal.LOCAL_UNREACHABLE;
            case LOCAL_TIMEOUT -> tunnel.localWait().isZero() ? Refusal.LOCAL_TIMEOUT : Refusal.LOCAL_AWAY;
            case NO_TUNNEL, REPEATED, UNSUPPORTED, BUSY, OTHER -> Refusal.CLIENT_LOST;
        });
    }

    private void refuse(Refusal why) {
        if (over() != State.OVER) {
            visitor.refused(why);
        }
        resetPresent();
    }

    /// The other side broke the stream. By the data channel's thread, or the control channel's.
    void resetByPeer() {
        switch (over()) {
            case OPENING, ACCEPTED -> visitor.refused(Refusal.CLIENT_LOST);
            case OPENED -> visitor.reset();
            case OVER -> {}
        }
        resetPresent();
    }

    /// The state before, which is {@link State#OVER} for all but the first caller.
    private State over() {
        State before = state.getAndSet(State.OVER);
        if (before != State.OVER) {
            decided.countDown();
            answered.countDown();
            settle(null);
            session.forget(this);
        }
        return before;
    }

    private void resetPresent() {
        DataStream stream = present;
        if (stream != null) {
            stream.reset();
        }
    }

    /// By the visitor's thread. Until `Accepted` the first bytes go out at once and are kept; more of them wait.
    @Override
    public void send(ByteBuffer data) throws IOException {
        if (state.get() != State.OPENING || !sendFirst(data)) {
            DataStream stream = awaitAccepted();
            try {
                stream.send(data);
            } catch (IOException e) {
                awaitAnswer();
                throw e;
            }
        }
    }

    private boolean sendFirst(ByteBuffer data) throws IOException {
        opening.lock();
        try {
            DataStream stream = present;
            if (first != null || state.get() != State.OPENING || stream == null) {
                return false;
            }
            first = copy(data);
            stream.send(data);
            return true;
        } catch (StreamResetException e) {
            throw e;
        } catch (IOException e) {
            return true; // the channel is dead: its thread sends the copy again elsewhere
        } finally {
            opening.unlock();
        }
    }

    /// By the visitor's thread.
    @Override
    public void end() throws IOException {
        DataStream stream = awaitAccepted();
        try {
            stream.end();
        } catch (IOException e) {
            awaitAnswer();
            throw e;
        }
    }

    /// A channel that cannot be written to any more may still hold the client's refusal, or else its thread finds it lost:
    /// either way the visitor is told why, unless its own side breaks the stream first.
    private void awaitAnswer() {
        try {
            if (!answered.await(2, TimeUnit.SECONDS)) {
                log.debug("stream {}: its channel was lost, and its thread has not noticed", number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DataStream awaitAccepted() throws IOException {
        try {
            // whoever makes the last attempt decides within the deadline; the rest is slack for a busy machine
            long most = deadlineNanos - System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            if (!decided.await(most, TimeUnit.NANOSECONDS)) {
                refuse(Refusal.NO_DATA_CHANNEL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
        DataStream stream = present;
        if (state.get() == State.OVER || stream == null) {
            throw new StreamResetException();
        }
        return stream;
    }

    /// What a visitor's socket has is plain, and ends in order or is broken: there is nothing in between.
    @Override
    public void cutOff() {
        reset();
    }

    /// By the visitor's side: it has left.
    @Override
    public void reset() {
        State before = over();
        if (before == State.OPENING || before == State.ACCEPTED) {
            visitor.reset(); // nothing else will be called for it
        }
        resetPresent();
    }

    /// The data channel is idle again. Of a stream that never was open the visitor has yet to be told: by whoever read why.
    void finished() {
        if (state.get() == State.OPENED) {
            var _ = over();
        }
    }
}
