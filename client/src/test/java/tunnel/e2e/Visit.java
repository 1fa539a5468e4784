package tunnel.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// One visitor's one request, on a connection of its own and never repeated, which `HttpClient` could not promise.
///
/// @param status 0 where the connection ended without an answer
/// @param body or then what went wrong
record Visit(int status, String body) {
    private static final int PATIENCE_MILLIS = 20_000;

    /// Asks a tunnel's public port.
    static Visit byPort(int port, String path) {
        return ask("GET", port, "localhost", path);
    }

    /// Asks the HTTP edge for a tunnel's name.
    static Visit byName(int httpPort, String name, String path) {
        return ask("GET", httpPort, name + ".localhost", path);
    }

    /// Asks it for what must not be done twice.
    static Visit postByName(int httpPort, String name, String path) {
        return ask("POST", httpPort, name + ".localhost", path);
    }

    private static Visit ask(String method, int port, String host, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            return new Visit(0, e.toString());
        }
    }

    private static Visit parse(String response) {
        int head = response.indexOf("\r\n\r\n");
        return head < 0
                ? new Visit(0, "")
                : new Visit(Integer.parseInt(response.substring(9, 12)), response.substring(head + 4));
    }
}
