package tunnel.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.Deadlines.Deadline;
import tunnel.net.Deadlines;

/// A connection of either side, line by line. One thread's; its deadline closes it from the watchdog's.
final class AdminConnection implements AutoCloseable {
    /// The longest line: a token's rights, or a sentence, and much more.
    static final int LONGEST = 16 << 10;

    private final SocketChannel channel;
    private final Deadlines deadlines;
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST).flip(); // read and not used yet
    private Deadline deadline;

    /// @param time after which it is closed, whatever goes on; see {@link #within}
    AdminConnection(SocketChannel channel, Deadlines deadlines, Duration time) {
        this.channel = channel;
        this.deadlines = deadlines;
        this.deadline = deadlines.after(time, this::abort);
    }

    /// Another deadline instead, from now on.
    void within(Duration time) {
        deadline.close();
        deadline = deadlines.after(time, this::abort);
    }

    /// Whether it was closed because its time was over.
    boolean isLate() {
        return deadline.expired();
    }

    void write(List<String> words) throws IOException {
        ByteBuffer line = UTF_8.encode(AdminLine.of(words) + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    /// The next line, or null at the end of input.
    ///
    /// @throws IOException also for a line that is too long, and for one that does not end
    @Nullable List<String> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!input.hasRemaining()) {
                input.clear();
                int read = channel.read(input);
                input.flip();
                if (read < 0 && line.size() == 0) {
                    return null;
                }
                if (read < 0) {
                    throw new IOException("the last line does not end");
                }
                continue;
            }
            byte next = input.get();
            if (next == '\n') {
                return AdminLine.parse(line.toString(UTF_8));
            }
            if (line.size() == LONGEST) {
                throw new IOException("a line is longer than " + LONGEST + " bytes");
            }
            line.write(next);
        }
    }

    /// Wakes whoever is blocked in it. From any thread.
    void abort() {
        try {
            channel.close();
        } catch (IOException e) {
            // closed it is
        }
    }

    @Override
    public void close() {
        deadline.close();
        abort();
    }
}
