package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/// A network namespace, and a line between it and this machine that a test can break. The line goes through a second namespace,
/// the modem: in a queue on a sender's own device its kernel would let each connection have no more than two segments, and on a
/// real line the queue is elsewhere. Removed with all that is in it at the end.
final class Namespace implements AutoCloseable {
    /// This machine's address on the line.
    static final String OUTSIDE = "10.213.77.1";

    private static final String INSIDE = "10.213.78.2";
    private static final String MODEM_OUTSIDE = "10.213.77.254";
    private static final String MODEM_INSIDE = "10.213.78.254";
    private static final String DROP_TENTH = "4,32 0 0 4294963256,37 1 0 429496729,6 0 0 2,6 0 0 0"; // a random number decides
    private static final String DROP_ALL = "1,6 0 0 2";

    private final String name = "chaos-" + ProcessHandle.current().pid();
    private final String modem = name + "-modem";
    private final String outer = "cho" + ProcessHandle.current().pid() % 100_000;
    private final String inner = "chi" + ProcessHandle.current().pid() % 100_000;

    private Namespace() {}

    /// With the congestion control that is the default here.
    static Namespace open() throws IOException {
        return open(standardControl());
    }

    /// What new connections of this machine have.
    static String standardControl() throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control")).strip();
    }

    /// @param control the congestion control of both ends, as `cubic`
    /// @throws TestAbortedException where this machine or user cannot
    static Namespace open(String control) throws IOException {
        Namespace namespace = new Namespace();
        try {
            namespace.make(control);
            return namespace;
        } catch (IOException e) {
            namespace.close();
            throw new TestAbortedException("no network namespace can be made: " + e.getMessage());
        }
    }

    private void make(String control) throws IOException {
        run("ip", "netns", "add", modem);
        run("ip", "netns", "add", name);
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", "outer", "netns", modem);
        in(modem, "ip", "link", "add", "inner", "type", "veth", "peer", "name", inner, "netns", name);
        run("ip", "addr", "add", OUTSIDE + "/24", "dev", outer);
        in(modem, "ip", "addr", "add", MODEM_OUTSIDE + "/24", "dev", "outer");
        in(modem, "ip", "addr", "add", MODEM_INSIDE + "/24", "dev", "inner");
        in(name, "ip", "addr", "add", INSIDE + "/24", "dev", inner);
        // Single packets, as a network card puts them on a line, and not 64 KiB in one piece.
        run("ip", "link", "set", outer, "up", "gso_max_segs", "1");
        in(modem, "ip", "link", "set", "outer", "up");
        in(modem, "ip", "link", "set", "inner", "up");
        in(modem, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        in(name, "ip", "link", "set", inner, "up", "gso_max_segs", "1");
        in(name, "ip", "link", "set", "lo", "up");
        in(name, "ip", "route", "add", "default", "via", MODEM_INSIDE, "congctl", control);
        run("ip", "route", "add", INSIDE, "via", MODEM_OUTSIDE, "congctl", control);
        run("tc", "qdisc", "add", "dev", outer, "clsact");
    }

    /// What a command has to begin with to run inside.
    List<String> prefix() {
        return prefix(name);
    }

    private static List<String> prefix(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    private static void in(String namespace, String... command) throws IOException {
        List<String> all = new ArrayList<>(prefix(namespace));
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    /// Nothing passes any more, either way, and nobody is told.
    void cut() throws IOException {
        filter(DROP_ALL);
    }

    /// Each packet is lost with a chance of 10 %, either way.
    void lose() throws IOException {
        filter(DROP_TENTH);
    }

    private void filter(String bytecode) throws IOException {
        for (String way : List.of("ingress", "egress")) {
            run("tc", "filter", "add", "dev", outer, way, "prio", "1", "bpf", "da", "bytecode", bytecode);
        }
    }

    /// All passes again.
    void heal() throws IOException {
        for (String way : List.of("ingress", "egress")) {
            run("tc", "filter", "del", "dev", outer, way);
        }
    }

    /// So much passes a second, either way, through queues that hold what passes in 150 ms.
    void narrow(String rate) throws IOException {
        for (String device : List.of("outer", "inner")) {
            in(modem, "tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", rate, "burst", "16kb", "latency", "150ms");
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        for (String namespace : List.of(name, modem)) {
            try {
                run("ip", "netns", "del", namespace); // and with it the devices, when nobody is inside
            } catch (IOException e) {
                // there is none
            }
        }
        try {
            run("ip", "link", "del", outer);
        } catch (IOException e) {
            // it is gone
        }
    }
}
