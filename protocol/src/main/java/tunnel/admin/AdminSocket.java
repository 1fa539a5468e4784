package tunnel.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.Deadlines;

/// A running program's end of its private socket: takes a line of words, the first of which names an {@link AdminCommand}, and
/// answers `ok` and the command's lines, or `error` and a sentence. Who may connect is the file system's to say: the socket is
/// its owner's alone, in a folder that is its owner's alone.
public final class AdminSocket implements AutoCloseable {
    /// The socket's name in a server's state directory.
    public static final String NAME = "admin.sock";

    private static final Logger log = LoggerFactory.getLogger(AdminSocket.class);
    private static final int AT_ONCE = 16; // people and scripts of one user; the next waits in the kernel
    private static final Duration REQUEST = Duration.ofSeconds(5); // a write to a slow disk, and more
    private static final Duration PAUSE = Duration.ofMillis(100); // after a failed accept, as with too many files
    private static final Duration END = Duration.ofSeconds(1); // for threads to end once their sockets are closed
    private static final String OK = "ok";
    private static final String ERROR = "error";
    private static final AtomicLong numbers = new AtomicLong();

    private final Path file;
    private final ServerSocketChannel socket;
    private final Map<String, AdminCommand> commands;
    private final Deadlines deadlines;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Map<AdminConnection, Thread> connections = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean left;
    private final Thread acceptor = Thread.ofVirtual().name("accept-admin").unstarted(this::accept);

    private AdminSocket(Path file, ServerSocketChannel socket, Map<String, AdminCommand> commands, Deadlines deadlines) {
        this.file = file;
        this.socket = socket;
        this.commands = Map.copyOf(commands);
        this.deadlines = deadlines;
    }

    /// Listens. What a crashed program left behind is removed, so nobody else may use the file until after {@link #close}.
    ///
    /// @param socketFile in a folder that is private to its owner
    /// @param commands by name
    /// @throws IOException when it cannot; one reason is a path over the system's bound of some 100 bytes
    public static AdminSocket start(Path socketFile, Map<String, AdminCommand> commands, Deadlines deadlines) throws IOException {
        Path file = socketFile.toAbsolutePath();
        Files.deleteIfExists(file);
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(file), AT_ONCE);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        AdminSocket started = new AdminSocket(file, socket, commands, deadlines);
        started.acceptor.start();
        return started;
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                permits.acquire();
                serve(socket.accept());
            } catch (ClosedChannelException | InterruptedException e) {
                return; // closed
            } catch (IOException | RuntimeException | OutOfMemoryError e) { // whatever it is, the next may be served
                permits.release();
                log.warn("{}: {}", file, String.valueOf(e));
                pause();
            }
        }
    }

    private void pause() {
        try {
            var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        try {
            start(channel);
        } catch (RuntimeException | OutOfMemoryError e) {
            channel.close();
            throw e;
        }
    }

    private void start(SocketChannel channel) {
        AdminConnection connection = new AdminConnection(channel, deadlines, REQUEST);
        Thread.ofVirtual().name("admin-" + numbers.incrementAndGet()).start(() -> {
            connections.put(connection, Thread.currentThread());
            try (connection) {
                if (socket.isOpen()) { // else close() may have missed this one
                    handle(connection);
                }
            } catch (IOException e) {
                log.debug("{}: {}", file, connection.isLate() ? "a request took too long" : e.getMessage());
            } finally {
                connections.remove(connection);
                permits.release();
            }
        });
    }

    private void handle(AdminConnection connection) throws IOException {
        Answer answer = new Answer(connection);
        try {
            List<String> request = connection.read();
            if (request != null) {
                command(request.getFirst()).run(request.subList(1, request.size()), answer);
                answer.begin();
            }
        } catch (IOException | IllegalArgumentException e) {
            refuse(answer, connection, e);
        } catch (RuntimeException e) {
            log.error("a command failed", e);
            refuse(answer, connection, new IOException("it failed. The log of the program that was asked says why"));
        }
    }

    private AdminCommand command(String name) {
        AdminCommand command = commands.get(name);
        if (command == null) {
            throw new IllegalArgumentException(
                    "the program that runs does not know '" + name + "'. It may be older than the command: restart it");
        }
        return command;
    }

    private static void refuse(Answer answer, AdminConnection connection, Exception why) throws IOException {
        if (!answer.begun) { // else it was the connection that failed
            connection.write(List.of(ERROR, String.valueOf(why.getMessage())));
        }
    }

    /// What a command says goes behind `ok`.
    private static final class Answer implements Conversation {
        private final AdminConnection connection;
        private boolean begun;

        private Answer(AdminConnection connection) {
            this.connection = connection;
        }

        private void begin() throws IOException {
            if (!begun) {
                begun = true;
                connection.write(List.of(OK));
            }
        }

        @Override
        public void say(List<String> words) throws IOException {
            begin();
            connection.write(words);
        }

        @Override
        public @Nullable List<String> hear() throws IOException {
            return connection.read();
        }

        @Override
        public void takesUpTo(Duration time) {
            connection.within(time);
        }
    }

    /// Whether an answer's first line is good.
    ///
    /// @throws IOException with the other end's sentence where it is not
    static void checkAnswer(List<String> line, String whom) throws IOException {
        if (line.equals(List.of(OK))) {
            return;
        }
        boolean told = line.size() == 2 && line.getFirst().equals(ERROR);
        throw new IOException(told ? line.get(1) : "the answer of " + whom + " cannot be read. Is it of another version? Restart it");
    }

    /// Closes it without removing the file, which is another program's by now.
    public void leave() {
        left = true;
        close();
    }

    /// Takes no more, closes all connections and removes the socket; returns when the threads have ended, or after 1 s. Closing
    /// again does nothing.
    @Override
    public void close() {
        closing.countDown();
        try {
            if (socket.isOpen()) {
                socket.close();
                if (!left) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            log.warn("closing {}: {}", file, e.getMessage());
        }
        acceptor.interrupt();
        connections.keySet().forEach(AdminConnection::abort);
        long end = System.nanoTime() + END.toNanos();
        try {
            for (Thread thread : connections.values()) {
                var _ = thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
            var _ = acceptor.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
