package tunnel.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.server.registry.Limits;
import tunnel.server.registry.PortRange;

/// The file descriptors that a server has, of which each connection needs one. Where they are too few for the bounds on
/// connections these are lowered, so that whoever is let in gets all that serving it takes.
final class Descriptors {
    private static final Logger log = LoggerFactory.getLogger(Descriptors.class);
    /// For files, logs, refused visitors who are told why, and whatever Java opens.
    private static final int RESERVE = 192;

    private Descriptors() {}

    /// The limits of a server as this process can keep them.
    static Limits fit(ServerSettings wanted) {
        return fit(wanted.limits(), listeners(wanted.ports(), wanted.addresses().size()), most());
    }

    /// What the process may have, as Java has raised it at its start.
    private static long most() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /// A socket for each port that tunnels may have, on each address.
    private static int listeners(PortRange ports, int addresses) {
        return (ports.last() - ports.first() + 1) * addresses;
    }

    static Limits fit(Limits wanted, int listeners, long most) {
        long reserve = RESERVE + Math.min(listeners, most / 8);
        long needed = (long) wanted.visitors().most() + wanted.clients().most() + reserve;
        if (needed <= most) {
            return wanted;
        }
        // a visitor needs a data channel, and control channels need some too
        int visitors = Math.toIntExact(Math.clamp((most - reserve) * 2 / 5, 1, wanted.visitors().most()));
        int clients = Math.toIntExact(Math.clamp(most - reserve - visitors, 1, wanted.clients().most()));
        return wanted.with(fit(wanted.visitors(), visitors))
                .with(new Limits.Clients(clients, wanted.clients().stalled()))
                .with(fit(wanted.logins(), clients));
    }

    /// One tunnel and one address get the share that they have of more, but an address up to a quarter, as a browser needs some,
    /// and a tunnel, which is often the only one, up to three quarters.
    private static Limits.Visitors fit(Limits.Visitors wanted, int most) {
        int perAddress = Math.max(share(wanted.perAddress(), wanted, most), Math.min(wanted.perAddress(), most / 4));
        int perTunnel = Math.max(share(wanted.perTunnel(), wanted, most), Math.min(wanted.perTunnel(), most / 4 * 3));
        return new Limits.Visitors(most, perAddress, Math.max(1, perTunnel), wanted.stalled());
    }

    private static int share(int bound, Limits.Visitors wanted, int most) {
        return Math.toIntExact(Math.max(1, (long) bound * most / wanted.most()));
    }

    /// Whoever has yet to log in leaves the most for those who have.
    private static Limits.Logins fit(Limits.Logins wanted, int clients) {
        int pending = Math.clamp(clients / 4, 1, wanted.pending());
        return new Limits.Logins(
                wanted.firstFrame(),
                pending,
                Math.min(wanted.pendingPerAddress(), pending),
                wanted.sessions(),
                wanted.sessionsPerToken());
    }

    /// Says in the log what would be needed for all that was wanted, where that is more than there is.
    static void explain(Limits wanted, Limits fitting) {
        if (!fitting.equals(wanted)) {
            log.warn("{}", shortage(wanted, fitting, most()));
        }
    }

    static String shortage(Limits wanted, Limits fitting, long most) {
        int visitors = fitting.visitors().most();
        int clients = fitting.clients().most();
        long needed = most - visitors - clients + wanted.visitors().most() + wanted.clients().most();
        return "the limit of " + most + " open files leaves room for " + visitors + " visitors and " + clients
                + " connections of clients at once, not " + wanted.visitors().most() + " and " + wanted.clients().most()
                + ". Raise it to " + needed + ", by LimitNOFILE in a systemd unit or else by ulimit -n, or lower"
                + " --max-visitors";
    }
}
