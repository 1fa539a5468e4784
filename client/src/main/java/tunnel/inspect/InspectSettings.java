package tunnel.inspect;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tunnel.net.Addresses;
import tunnel.net.HostPort;

/// How the inspector is to run.
///
/// @param on whether at all
/// @param host `localhost` for both loopback addresses, or one of them
/// @param port the first that is tried; 0 for any
/// @param masked names whose values are not to be kept, beside those that never are
/// @param save where the session is to be kept as HAR, or null
public record InspectSettings(boolean on, String host, int port, List<String> masked, @Nullable Path save) {
    public static final int PORT = 4040;

    /// Those that browsers, and the inspector, take for this machine; of 127.0.0.0/8 there are more.
    private static final Set<InetAddress> LOOPBACK =
            Set.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
    private static final String FORMS = "write off, a port, or localhost:PORT";

    public InspectSettings {
        masked = List.copyOf(masked);
    }

    /// No page and no file.
    public static final InspectSettings OFF = new InspectSettings(false, "localhost", PORT, List.of(), null);

    /// Where to listen.
    public record Address(boolean on, String host, int port) {
        public static final Address DEFAULT = new Address(true, "localhost", PORT);

        /// Reads `off`, `4041`, `localhost:4041`, `[::1]:4041`.
        ///
        /// @throws IllegalArgumentException with a sentence for the user
        public static Address parse(String text) {
            if (text.equalsIgnoreCase("off")) {
                return new Address(false, "localhost", PORT);
            }
            HostPort address;
            try {
                address = HostPort.parse(text, "localhost", PORT);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + text + "' is not an address for the inspector: " + FORMS, e);
            }
            if (!isLoopback(address.host())) {
                throw new IllegalArgumentException("'" + text + "' is not on loopback, and what passes through your tunnels is for"
                        + " this machine alone: " + FORMS);
            }
            return new Address(true, address.host(), address.port());
        }

        private static boolean isLoopback(String host) {
            try {
                return host.equalsIgnoreCase("localhost") || LOOPBACK.contains(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        /// What {@link #parse} reads. The command line's library asks for it in each start, where a record's own would be made at run time.
        @Override
        public String toString() {
            return on ? Addresses.hostPort(host, port) : "off";
        }
    }
}
