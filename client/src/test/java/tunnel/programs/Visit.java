package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;

/// One visitor's connection, as curl would make it: to a port of this machine, with whatever Host.
final class Visit implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    /// Asks for `path` and does not wait for the answer.
    Visit(int port, String host, String path) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(RunningProgram.PATIENCE.toMillis()));
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(UTF_8));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /// A whole visit.
    ///
    /// @return the status line, and the last line of the answer
    static String get(int port, String host, String path) throws IOException {
        try (Visit visit = new Visit(port, host, path)) {
            String status = visit.in.readLine();
            return status + ", " + visit.in.lines().reduce("", (_, line) -> line);
        }
    }

    /// Reads up to a line.
    void awaitLine(String line) throws IOException {
        for (String next = in.readLine(); !line.equals(next); next = in.readLine()) {
            if (next == null) {
                throw new IOException("the answer ended before '" + line + "'");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
