package tunnel.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/// Ports on loopback.
final class Ports {
    private Ports() {}

    static boolean listens(int port) {
        return listens("127.0.0.1", port);
    }

    static boolean listens(String address, int port) {
        try (Socket _ = new Socket(InetAddress.ofLiteral(address), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
