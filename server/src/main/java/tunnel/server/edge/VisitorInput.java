package tunnel.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import tunnel.http.BadMessageException;
import tunnel.http.RequestHead;
import tunnel.http.Rule;
import tunnel.net.Buffers;
import tunnel.net.PlainTransport;
import tunnel.server.registry.Limits;

/// What a visitor sends, as it is read: a head, a body, the next head. On the visitor's thread; the ticker ends a read that
/// takes too long, as if the input had ended.
final class VisitorInput implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;
    /// Some time after the last exchange was over, whenever that is.
    private static final long WHEN_IDLE = Long.MIN_VALUE;

    private final PlainTransport connection;
    private final Buffers buffers;
    private final Limits.Http limits;

    private ByteBuffer in; // what was read and not used yet ends at its position
    private int used; // of it: the head that is being served, and what was sent on of the body

    private volatile long deadline; // of System.nanoTime, for the read that is under way
    private volatile boolean timedOut;

    VisitorInput(PlainTransport connection, HttpEdge edge) {
        this.connection = connection;
        this.buffers = edge.resources().buffers();
        this.limits = edge.limits();
        this.in = buffers.take(Buffers.SMALL);
        this.deadline = System.nanoTime() + limits.head().toNanos();
    }

    /// Reads the next request's head, whose bytes stay where they are until more than they is read.
    ///
    /// @return false where there is none: the connection has ended, or was idle for too long
    boolean readHead(RequestHead head) throws IOException, BadMessageException {
        rewind();
        if (in.position() > 0) { // its first bytes came with the request before
            deadline = System.nanoTime() + limits.head().toNanos();
        }
        head.begin(0);
        int end = head.read(in, in.position());
        while (end < 0) {
            makeRoom(head);
            int before = in.position();
            if (connection.read(in) < 0) {
                if (before == 0) {
                    return false;
                }
                throw new BadMessageException(timedOut ? Rule.HEAD_TOO_SLOW : Rule.TRUNCATED);
            }
            if (before == 0) {
                deadline = System.nanoTime() + limits.head().toNanos();
            }
            end = head.read(in, in.position());
        }
        used = end;
        deadline = NEVER; // it may have to wait for the response before
        return true;
    }

    /// What is left over moves to the buffer's beginning; a large buffer goes back when there is little in it.
    private void rewind() {
        int left = in.position() - used;
        boolean smaller = in.capacity() > Buffers.SMALL && left <= Buffers.SMALL / 2;
        ByteBuffer rest = in.flip().position(used);
        used = 0;
        if (!smaller) {
            in = rest.compact();
            return;
        }
        replaceBy(buffers.take(Buffers.SMALL).put(rest));
    }

    private void makeRoom(RequestHead head) {
        if (!in.hasRemaining()) {
            replaceBy(buffers.take(in.capacity() + 1).put(in.flip()));
            head.movedTo(in); // the other one may be another visitor's from here on
        }
    }

    private void replaceBy(ByteBuffer other) {
        buffers.give(in);
        in = other;
    }

    /// Bytes behind the head that were read with it, or with what came before.
    ByteBuffer unused() {
        return in.duplicate().flip().position(used);
    }

    /// Some of them were used.
    void use(int bytes) {
        used += bytes;
    }

    /// Reads more, behind what is unused.
    ///
    /// @return false at the end of input
    boolean readMore() throws IOException {
        if (used == in.position()) {
            in.clear();
            used = 0;
        } else if (!in.hasRemaining()) {
            in = in.flip().position(used).compact();
            used = 0;
        }
        return read(in) >= 0;
    }

    /// Reads more into another buffer; nothing may be unused.
    ///
    /// @return -1 at the end of input
    int read(ByteBuffer target) throws IOException {
        deadline = System.nanoTime() + limits.idle().toNanos();
        int read = connection.read(target);
        deadline = NEVER; // the visitor is not to blame when what it has sent cannot be sent on at once
        return read;
    }

    /// Reads in larger pieces from here on, for a body that comes in bulk.
    void expectBulk() {
        if (in.capacity() < Buffers.LARGE) {
            replaceBy(buffers.take(Buffers.LARGE).put(in.flip().position(used)));
            used = 0;
        }
    }

    /// The request was read to its end: the next one may be long in coming.
    void requestEnded() {
        deadline = WHEN_IDLE;
    }

    /// What comes from here on is not HTTP, and takes as long as it takes.
    void switched() {
        deadline = NEVER;
    }

    /// Whether the input has ended only because it took too long.
    boolean timedOut() {
        return timedOut;
    }

    /// By the ticker. Never blocks.
    ///
    /// @param idleNanos since the last exchange was over, or 0 where one is under way
    /// @param mostIdle how long that may be
    void checkDeadline(long now, long idleNanos, Duration mostIdle) {
        long last = deadline;
        boolean overdue = last == WHEN_IDLE ? idleNanos > mostIdle.toNanos() : last != NEVER && now - last > 0;
        if (overdue) {
            timedOut = true;
            connection.shutdownInput();
        }
    }

    @Override
    public void close() {
        buffers.give(in);
    }
}
