package tunnel.admin;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.Deadlines;

/// A command's end of a private socket: one connection, for one request. One thread's.
public final class AdminClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10); // twice what the other end grants itself

    private final Deadlines deadlines = new Deadlines();
    private final AdminConnection connection;
    private final String whom;
    private Duration patience = PATIENCE;

    private AdminClient(SocketChannel channel, String whom) {
        this.whom = whom;
        this.connection = new AdminConnection(channel, deadlines, PATIENCE);
    }

    /// Connects to the server that uses a folder.
    ///
    /// @return null where none listens there
    public static @Nullable AdminClient connect(Path folder) throws IOException {
        return connect(folder.resolve(AdminSocket.NAME), "the server");
    }

    /// Connects to whoever listens at a socket.
    ///
    /// @param whom what messages call it
    /// @return null where nobody does
    public static @Nullable AdminClient connect(Path file, String whom) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        AdminClient client = new AdminClient(channel, whom);
        try {
            channel.connect(UnixDomainSocketAddress.of(file.toAbsolutePath()));
            return client;
        } catch (SocketException e) { // no such file, one that nobody listens at, a path that no socket can have
            client.close();
            if (String.valueOf(e.getMessage()).startsWith("Permission denied")) {
                throw new IOException("cannot reach " + whom + " at " + file
                        + ": permission denied. Run this as the user that it runs as, or as root", e);
            }
            return null;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    /// Asks for a command, and waits until it is answered.
    ///
    /// @param words the command's name and its arguments
    /// @return all lines of the answer behind `ok`
    /// @throws IOException with the other end's sentence where it does not do it
    public List<List<String>> ask(List<String> words) throws IOException {
        begin(words);
        List<List<String>> lines = new ArrayList<>();
        for (List<String> line = hear(); line != null; line = hear()) {
            lines.add(line);
        }
        return lines;
    }

    /// Asks for a command with which more is to be said.
    public void begin(List<String> words) throws IOException {
        connection.write(words);
        List<String> first = hear();
        if (first == null) {
            throw new EOFException(whom + " closed the connection before it answered. Is it stopping? Try again in a moment");
        }
        AdminSocket.checkAnswer(first, whom);
    }

    /// The next line of the answer, or null at its end.
    public @Nullable List<String> hear() throws IOException {
        try {
            return connection.read();
        } catch (IOException e) {
            throw connection.isLate() ? new IOException(whom + " did not answer within " + patience.toSeconds() + " s", e) : e;
        }
    }

    /// Says a line more.
    public void say(List<String> words) throws IOException {
        connection.write(words);
    }

    /// From now on there is so much time.
    public void takesUpTo(Duration time) {
        patience = time;
        connection.within(time);
    }

    @Override
    public void close() {
        connection.close();
        deadlines.close();
    }
}
