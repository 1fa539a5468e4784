package tunnel.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tunnel.doctor.Check;
import tunnel.doctor.Verdict;
import tunnel.net.Addresses;
import tunnel.net.Listener;
import tunnel.server.registry.PortRange;

/// What `doctor` looks at of names and ports. The ports of a server that runs are its own; those of one that does not must be free.
final class NetworkChecks {
    private static final int DIAL_MILLIS = 2_000; // to this machine itself

    private NetworkChecks() {}

    static List<Check> all(Seen seen) {
        List<Check> all = new ArrayList<>();
        if (seen.domain().equals("localhost")) {
            all.add(new Check("domain", () -> Verdict.ok("localhost: for this machine alone")));
        } else if (seen.domain().matches("(.*\\.)?[0-9]+")) {
            all.add(new Check("domain", () -> Verdict.ok(seen.domain() + " is an address: tunnels have ports and no names")));
        } else {
            all.add(new Check("domain", () -> domain(seen.domain())));
            all.add(new Check("wildcard record", () -> wildcard(seen.domain())));
        }
        all.add(new Check("control port", () -> port(seen, seen.controlPort(), ports -> ports.control(seen.controlPort()))));
        all.add(new Check("HTTP port", () -> port(seen, seen.httpPort(), ports -> ports.http(seen.httpPort()))));
        all.add(new Check("tunnels' ports", () -> range(seen)));
        return all;
    }

    private static Verdict domain(String domain) throws IOException {
        try {
            List<InetAddress> leads = List.of(InetAddress.getAllByName(domain));
            Set<InetAddress> ours = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
            List<InetAddress> foreign = leads.stream().filter(address -> !ours.contains(address)).toList();
            return foreign.isEmpty()
                    ? Verdict.ok(domain + " is " + texts(leads) + ", of this machine")
                    : Verdict.note(
                            domain + " is " + texts(leads) + "; not of this machine: " + texts(foreign),
                            "Fine behind a router or in a cloud that translates addresses; else correct the DNS record");
        } catch (UnknownHostException e) {
            return Verdict.fail(
                    "there is no address for " + domain,
                    "Make a DNS record of type A for it with this machine's address, and AAAA for IPv6");
        }
    }

    private static String texts(List<InetAddress> addresses) {
        return String.join(", ", addresses.stream().map(Addresses::text).toList());
    }

    private static Verdict wildcard(String domain) {
        String name = "check-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36) + "." + domain;
        try {
            List<InetAddress> leads = List.of(InetAddress.getAllByName(name));
            List<InetAddress> server = List.of(InetAddress.getAllByName(domain));
            return leads.stream().anyMatch(server::contains)
                    ? Verdict.ok("*." + domain + " leads to the same")
                    : Verdict.fail(
                            "*." + domain + " is " + texts(leads) + ", and " + domain + " " + texts(server),
                            "Let both lead to this machine, or to the web server in front of it");
        } catch (UnknownHostException e) {
            return Verdict.fail(
                    "there is no address for " + name,
                    "Make a DNS record for *." + domain + " that leads where " + domain + " does: without it no tunnel has a name");
        }
    }

    /// Binds it.
    @FunctionalInterface
    private interface Binding {
        Listener on(Ports ports) throws IOException;
    }

    private static Verdict port(Seen seen, int port, Binding binding) {
        if (seen.running()) {
            return answers(seen, port);
        }
        try (Listener _ = binding.on(new Ports(seen.addresses(), false))) {
            return Verdict.ok(port == 0 ? "any free one" : port + " is free");
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf(". ");
            String unprivileged = port < 1024 && message.contains("ermission denied")
                    ? ". In a systemd unit: AmbientCapabilities=CAP_NET_BIND_SERVICE; or sysctl net.ipv4.ip_unprivileged_port_start=" + port
                    : "";
            return Verdict.fail(message.substring(0, end < 0 ? message.length() : end),
                    (end < 0 ? "" : message.substring(end + 2)) + unprivileged);
        }
    }

    private static Verdict answers(Seen seen, int port) {
        for (InetAddress address : seen.addresses()) {
            InetAddress reached = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(reached, port), DIAL_MILLIS);
            } catch (IOException e) {
                return Verdict.fail(
                        "the running server does not answer at " + Addresses.hostPort(Addresses.text(reached), port) + ": "
                                + e.getMessage(),
                        "Restart it, and look at its log");
            }
        }
        return Verdict.ok(port + " is the running server's");
    }

    /// Those that the system takes for connections from here, or null where it does not say.
    private static @Nullable PortRange outgoing() {
        try {
            String[] range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range")).strip().split("\\s+", -1);
            return new PortRange(Integer.parseInt(range[0]), Integer.parseInt(range[1]));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /// Those of a running server are its tunnels' in part, so nobody knows whose the others are.
    private static Verdict range(Seen seen) {
        int all = seen.ports().last() - seen.ports().first() + 1;
        PortRange outgoing = outgoing();
        if (outgoing != null && outgoing.first() <= seen.ports().last() && seen.ports().first() <= outgoing.last()) {
            return Verdict.note(
                    seen.ports() + "; the system gives " + outgoing + " to outgoing connections, which may take them",
                    "Choose others with --ports, or move those: sysctl net.ipv4.ip_local_port_range");
        }
        if (seen.running()) {
            return Verdict.ok(seen.ports() + ", " + all + " tunnels at the most");
        }
        int taken = 0;
        for (int port = seen.ports().first(); port <= seen.ports().last(); port++) {
            try (Listener _ = Listener.bind(seen.addresses(), port)) {
                // free
            } catch (IOException e) {
                taken++;
            }
        }
        String found = seen.ports() + ", free: " + (all - taken) + " of " + all;
        return taken == all
                ? Verdict.fail(found, "Choose others with --ports")
                : taken > 0 ? Verdict.note(found, "Tunnels get those that are free") : Verdict.ok(found);
    }
}
