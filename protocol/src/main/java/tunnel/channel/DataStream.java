package tunnel.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Deadlines;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;

/// One side of a stream on its data channel: which terminal frames (`End`, `Reset`, `Refused`) were sent and received, and
/// what may still be. When one was sent and one received the channel is idle again.
///
/// The data channel's thread receives, another one sends. A reset never waits for the sender, who may be blocked because
/// the other side does not read: it leaves a note, and goes over the control channel too, where it can be heard.
public final class DataStream implements StreamOutput, StreamInput {
    private static final Logger log = LoggerFactory.getLogger(DataStream.class);
    private static final int SENT = 1;
    private static final int RECEIVED = 2;
    private static final int FINISHED = SENT | RECEIVED;
    /// What a reset stream's other side may still have under way, and for how long, before its channel is given up.
    private static final int DISCARD_BYTES = 256 << 10;
    private static final Duration DISCARD_TIME = Duration.ofSeconds(2);

    /// What a stream needs of its surroundings.
    public interface Surroundings {
        Deadlines deadlines();

        /// Queues `Reset` on the control channel. Must not block.
        void resetOnControl(long stream);

        /// The channel is idle again. Called once, by whichever thread saw to the last terminal frame.
        void finished(DataStream stream);
    }

    private final long number;
    private final FrameChannel frames;
    private final Surroundings surroundings;
    private final AtomicInteger terminals = new AtomicInteger();
    private volatile boolean resetWanted;
    private volatile boolean resetByPeer;

    /// Held for one write of this stream, so that nothing of it follows its `End` or its `Reset`: it would be the next one's.
    private final ReentrantLock sending = new ReentrantLock();

    @GuardedBy("sending")
    private boolean ended;

    @GuardedBy("sending")
    private boolean resetSent;

    private int discarded; // the data channel's thread only

    public DataStream(long number, FrameChannel frames, Surroundings surroundings) {
        this.number = number;
        this.frames = frames;
        this.surroundings = surroundings;
    }

    /// Its number, unique in the session.
    public long number() {
        return number;
    }

    /// Whether a terminal frame was sent and one received.
    public boolean isFinished() {
        return terminals.get() == FINISHED;
    }

    @Override
    public void send(ByteBuffer data) throws IOException {
        sending.lock();
        try {
            failIfOver();
            if (!resetWanted) {
                frames.writeData(data);
            }
        } finally {
            sending.unlock();
        }
        failIfReset();
    }

    @GuardedBy("sending")
    private void failIfOver() throws StreamResetException {
        if (ended || resetSent) {
            throw new StreamResetException();
        }
    }

    @Override
    public void end() throws IOException {
        writeTerminal(null, new Frame.End(number));
        failIfReset();
    }

    @Override
    public void sendLast(ByteBuffer data) throws IOException {
        writeTerminal(new Frame.Data(data), new Frame.End(number));
        failIfReset();
    }

    /// Ends both halves with a no: this side sends nothing else, and what the other side sends is not wanted.
    public void refuse(Frame.Refused refused) throws IOException {
        writeTerminal(null, refused);
        var _ = surroundings.deadlines().after(DISCARD_TIME, this::giveUp);
    }

    private void writeTerminal(Frame.@Nullable Data last, Frame terminal) throws IOException {
        sending.lock();
        try {
            if (last != null) {
                failIfOver();
            }
            if (!resetWanted) {
                ended = true;
                if (last == null) {
                    frames.write(terminal);
                } else {
                    frames.write(last, terminal);
                }
            }
        } finally {
            sending.unlock();
        }
        if (!resetWanted) {
            mark(SENT);
        }
    }

    private void failIfReset() throws IOException {
        if (resetWanted) {
            sendReset();
            throw new StreamResetException();
        }
    }

    /// Not on the control channel: there it would overtake what was sent.
    @Override
    public void cutOff() {
        boolean written = false;
        sending.lock();
        try {
            if (!resetWanted) {
                resetSent = true;
                frames.write(new Frame.Reset(number));
                written = true;
            }
        } catch (IOException e) {
            log.debug("stream {}: its channel was lost before its reset: {}", number, e.getMessage());
            frames.abort();
        } finally {
            sending.unlock();
        }
        if (written) {
            mark(SENT);
        } else {
            sendReset();
        }
    }

    @Override
    public void reset() {
        if (resetWanted || isFinished()) {
            return;
        }
        resetWanted = true;
        if (!resetByPeer) {
            surroundings.resetOnControl(number);
        }
        var _ = surroundings.deadlines().after(DISCARD_TIME, this::giveUp);
        sendReset();
    }

    /// Whoever cannot have the lock leaves it to whoever has it, who looks for the note after unlocking.
    private void sendReset() {
        if (!sending.tryLock()) {
            return;
        }
        try {
            if (!resetSent) {
                resetSent = true;
                frames.write(new Frame.Reset(number));
                mark(SENT);
            }
        } catch (IOException e) {
            log.debug("stream {}: its channel was lost before its reset: {}", number, e.getMessage());
            frames.abort();
        } finally {
            sending.unlock();
        }
    }

    private void giveUp() {
        if (!isFinished()) {
            log.debug("stream {}: not over 2 s after it was reset or refused, its channel is closed", number);
            frames.abort();
        }
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        while (!isOver()) { // what comes after is the next stream's
            Frame frame = frames.read();
            switch (frame) {
                case Frame.Data data -> {
                    if (!resetWanted) {
                        return data.payload();
                    }
                    discard(data);
                }
                case Frame.End end when end.stream() == number -> {
                    mark(RECEIVED);
                    return null;
                }
                case Frame.Reset reset when reset.stream() == number -> {
                    resetReceived();
                    throw new StreamResetException();
                }
                // of a stream before, or of the idle time before, a ping that crossed Open included
                case Frame.End _, Frame.Reset _, Frame.Pong _, Frame.Ping _ -> {}
                case null -> throw new EOFException("the data channel was closed inside a stream");
                default -> throw new ProtocolException(
                        frame.getClass().getSimpleName() + " came inside stream " + number);
            }
        }
        if (resetByPeer) {
            throw new StreamResetException();
        }
        return null;
    }

    /// Whether nothing more can come. Where this side has yet to end its half, a reset may follow the other side's end.
    private boolean isOver() {
        return isFinished() || (resetWanted && (terminals.get() & RECEIVED) != 0);
    }

    @Override
    public void discard() throws IOException {
        try {
            for (ByteBuffer data = next(); data != null; data = next()) {
                discard(new Frame.Data(data));
            }
        } catch (StreamResetException answered) {
            // that is the end of it too
        }
    }

    /// Counts what comes for a stream that this side has reset or refused.
    public void discard(Frame.Data data) throws IOException {
        discarded += data.payload().remaining();
        if (discarded > DISCARD_BYTES) {
            throw new IOException("stream " + number + ": too much came after its reset");
        }
    }

    /// Whether this side has reset it.
    public boolean isReset() {
        return resetWanted;
    }

    /// Whether the other side has.
    public boolean isResetByPeer() {
        return resetByPeer;
    }

    /// To call by the data channel's thread when a `Reset` or `Refused` came for this stream outside {@link #next}.
    public void resetReceived() {
        resetByPeer = true;
        mark(RECEIVED);
    }

    private void mark(int terminal) {
        int before = terminals.getAndUpdate(now -> now | terminal);
        if (before != FINISHED && (before | terminal) == FINISHED) {
            surroundings.finished(this);
        }
    }
}
