package tunnel.server.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.channel.DataStream;
import tunnel.net.Deadlines;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;

/// One data channel: its thread reads it from `DataInit` to its end, idle or not, and lends itself to one stream after
/// another for their way to the visitor.
final class DataChannel implements DataStream.Surroundings {
    private record Carried(ServerStream stream, DataStream data) {}

    private final FrameChannel frames;
    private final Session session;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Carried carried;

    @GuardedBy("lock")
    private boolean dead;

    @GuardedBy("lock")
    private long pinged; // the id of a ping that was not answered yet, or 0

    DataChannel(FrameChannel frames, Session session) {
        this.frames = frames;
        this.session = session;
    }

    /// Serves streams until the channel ends. On the connection's thread, which closes the channel.
    void run() throws IOException {
        session.pool().add(this);
        try {
            for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
                handle(frame);
            }
        } finally {
            end();
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame) {
            case Frame.Accepted accepted -> {
                Carried now = carrying(accepted.stream());
                if (now != null) {
                    now.stream.accepted(this);
                }
            }
            case Frame.Opened opened -> {
                Carried now = carrying(opened.stream());
                if (now != null) {
                    now.stream.opened(now.data);
                }
            }
            case Frame.Refused refused -> {
                Carried now = carrying(refused.stream());
                if (now != null) {
                    now.data.resetReceived();
                    now.stream.refused(refused);
                }
            }
            case Frame.Reset reset -> {
                Carried now = carrying(reset.stream());
                if (now != null) {
                    now.data.resetReceived();
                    now.stream.resetByPeer();
                }
            }
            case Frame.Data data -> {
                Carried now = carrying();
                if (now == null || !now.data.isReset()) {
                    throw new ProtocolException("Data came where no stream was open");
                }
                now.data.discard(data);
            }
            case Frame.Pong pong -> answered(pong.id());
            case Frame.End _ -> {} // of a stream that is finished
            case Frame.Challenge _,
                    Frame.Init _,
                    Frame.Welcome _,
                    Frame.Reject _,
                    Frame.Bind _,
                    Frame.Assigned _,
                    Frame.Ack _,
                    Frame.Ready _,
                    Frame.Unbind _,
                    Frame.OpenData _,
                    Frame.DataInit _,
                    Frame.Open _,
                    Frame.Ping _,
                    Frame.GoAway _,
                    Frame.Close _ ->
                throw new ProtocolException(frame.getClass().getSimpleName() + " came on a data channel");
        }
    }

    private @Nullable Carried carrying(long stream) {
        Carried now = carrying();
        return now != null && now.data.number() == stream ? now : null;
    }

    private @Nullable Carried carrying() {
        lock.lock();
        try {
            return carried;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        frames.abort();
        Carried last;
        lock.lock();
        try {
            dead = true;
            last = carried;
            carried = null;
        } finally {
            lock.unlock();
        }
        session.pool().remove(this);
        if (last != null) {
            last.stream.channelLost(last.data);
        }
    }

    /// Takes on a stream. By the thread that took the channel from the pool.
    ///
    /// @return null where the channel is dead
    @Nullable DataStream begin(ServerStream stream) {
        DataStream data = new DataStream(stream.number(), frames, this);
        lock.lock();
        try {
            if (dead) {
                return null;
            }
            carried = new Carried(stream, data);
            pinged = 0; // the answer may come inside the stream, where nobody looks for it
            return data;
        } finally {
            lock.unlock();
        }
    }

    void write(Frame frame, @Nullable ByteBuffer data) throws IOException {
        frames.write(frame, data);
    }

    boolean hasStalled(long now, Duration most) {
        return frames.transport().hasStalled(now, most);
    }

    void abort() {
        frames.abort();
    }

    /// Asks an idle channel for a sign of life; nothing where a visitor has taken it meanwhile. On a thread of its own.
    ///
    /// @return false where the last question was not answered; no stream begins on the channel any more then
    boolean ping(long id) throws IOException {
        lock.lock();
        try {
            if (carried != null) {
                return true;
            }
            if (pinged != 0) {
                dead = true;
                return false;
            }
            pinged = id;
        } finally {
            lock.unlock();
        }
        if (!frames.writeIf(new Frame.Ping(id), () -> carrying() == null)) {
            answered(id);
        }
        return true;
    }

    private void answered(long id) {
        lock.lock();
        try {
            pinged = pinged == id ? 0 : pinged;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Deadlines deadlines() {
        return session.deadlines();
    }

    @Override
    public void resetOnControl(long stream) {
        session.send(new Frame.Reset(stream));
    }

    @Override
    public void finished(DataStream data) {
        Carried done;
        lock.lock();
        try {
            done = carried;
            if (done == null || done.data != data) {
                return;
            }
            carried = null;
            pinged = 0; // the stream was sign enough, and a ping that crossed its Open is not answered
        } finally {
            lock.unlock();
        }
        done.stream.finished();
        session.pool().giveBack(this);
    }
}
