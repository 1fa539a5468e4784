package tunnel.net;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Lets threads of any kind wait for a socket in non-blocking mode: one until it can be read, one until it can be written. As
/// with blocking calls, closing the socket ends a wait and an interrupt closes the socket.
///
/// The loop watches for reading from the first wait on, and goes on watching as long as somebody waits each time that there
/// is something to read: a relay that takes turns with its peer costs no call of the kernel for watching.
final class Readiness {
    private final Loop loop;
    private final SocketChannel socket;
    private final SelectionKey key;
    private final Side reading = new Side();
    private final Side writing = new Side();

    /// Who waits, and whether what it waits for has come. Each is written on one side and then the other one read, so that
    /// either the waiting thread or the loop sees both.
    private static final class Side {
        private volatile @Nullable Thread waiting;
        private volatile boolean ready;
    }

    Readiness(Loop loop, SocketChannel socket, Selector selector) throws IOException {
        this.loop = loop;
        this.socket = socket;
        this.key = socket.register(selector, 0, this);
    }

    /// Waits until there are bytes, the end of input or an error to read.
    ///
    /// @throws AsynchronousCloseException when the socket is closed
    void awaitReadable() throws IOException {
        await(reading, SelectionKey.OP_READ, 0);
    }

    /// Waits until the kernel takes bytes.
    ///
    /// @throws AsynchronousCloseException when the socket is closed
    void awaitWritable() throws IOException {
        await(writing, SelectionKey.OP_WRITE, 0);
    }

    /// Waits until connecting has come to an end, good or bad, or the time is up.
    ///
    /// @param deadline of `System.nanoTime`
    void awaitConnected(long deadline) throws IOException {
        await(writing, SelectionKey.OP_CONNECT, deadline);
    }

    private void await(Side side, int operation, long deadline) throws IOException {
        side.waiting = Thread.currentThread();
        try {
            while (!side.ready) {
                failIfOver();
                watch(operation);
                if (deadline == 0) {
                    LockSupport.park(this);
                } else if (deadline - System.nanoTime() > 0) {
                    LockSupport.parkNanos(this, deadline - System.nanoTime());
                } else {
                    return;
                }
            }
        } finally {
            side.waiting = null;
            side.ready = false;
        }
    }

    private void failIfOver() throws IOException {
        if (!socket.isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    private void watch(int operation) throws IOException {
        try {
            if ((key.interestOps() & operation) == 0) {
                loop.change(() -> key.interestOpsOr(operation));
                loop.wake();
            }
        } catch (CancelledKeyException e) {
            throw new AsynchronousCloseException();
        }
    }

    /// The loop has seen that some of what it watches for has come. By its thread.
    void ready(SelectionKey seen) {
        try {
            tell(seen);
        } catch (CancelledKeyException e) {
            closed(); // it was, this moment
        }
    }

    private void tell(SelectionKey seen) {
        int operations = seen.readyOps();
        if ((operations & SelectionKey.OP_READ) != 0) {
            ready(reading, SelectionKey.OP_READ, reading.waiting != null && !reading.ready);
        }
        int writable = operations & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT);
        if (writable != 0) {
            ready(writing, writable, false); // a socket can be written to nearly always
        }
    }

    private void ready(Side side, int operation, boolean goOn) {
        if (!goOn) {
            key.interestOpsAnd(~operation);
        }
        Thread waiting = side.waiting;
        if (waiting != null) {
            side.ready = true;
            LockSupport.unpark(waiting);
        }
    }

    /// Closes the socket and ends all waits for it. Waits for no more than another thread's change of what is watched.
    void close() throws IOException {
        try {
            if (socket.isOpen()) {
                loop.change(socket::close);
            }
        } finally {
            closed();
        }
    }

    private void closed() {
        LockSupport.unpark(reading.waiting);
        LockSupport.unpark(writing.waiting);
        loop.wake(); // which lets go of the descriptor
    }

    /// Whether it is connected, once connecting has come to an end. Where that was a bad one the socket is closed.
    boolean finishConnect() throws IOException {
        loop.change(socket::finishConnect);
        return socket.isConnected();
    }

    /// Nobody will wait here any more, and the socket is back in blocking mode.
    void backToBlocking() throws IOException {
        loop.change(() -> {
            key.cancel();
            socket.configureBlocking(true);
        });
    }

    /// What else is done to the socket but reading and writing: the loop's thread closes it to the end, under the same monitors.
    void change(Loop.Change change) throws IOException {
        loop.change(change);
    }
}
