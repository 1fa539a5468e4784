package tunnel.server;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import tunnel.net.Addresses;
import tunnel.net.Listener;

/// Binds the server's own ports, and says in words why one cannot be had.
///
/// @param shared whether another server, whose place this one takes, still listens there
record Ports(List<InetAddress> addresses, boolean shared) {
    /// Of the control port.
    Listener control(int port) throws IOException {
        return bind(port, "control port", "--control-port");
    }

    /// Of the HTTP edge.
    Listener http(int port) throws IOException {
        return bind(port, "HTTP edge", "--http-port");
    }

    private Listener bind(int port, String what, String option) throws IOException {
        try {
            return shared ? Listener.bindShared(addresses, port) : Listener.bind(addresses, port);
        } catch (IOException e) {
            String where = String.join(" and ", addresses.stream().map(Addresses::text).toList());
            throw new IOException(
                    "cannot listen on port %d of %s for the %s: %s".formatted(port, where, what, inWords(e, option)), e);
        }
    }

    /// What the system says, and what to do about it.
    private static String inWords(IOException e, String option) {
        return switch (String.valueOf(e.getMessage())) {
            case "Address already in use" -> "it is in use. Choose another with " + option + ", or 0 for any free one";
            case "Cannot assign requested address", "Can't assign requested address" ->
                "the address is not this machine's. Choose another with --bind";
            case "Permission denied" ->
                "permission denied. Ports below 1024 need root or CAP_NET_BIND_SERVICE; choose another with " + option;
            default -> e.getMessage() + ". Choose another with " + option;
        };
    }
}
