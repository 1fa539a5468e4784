package tunnel.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/// A network namespace with a pair of devices between it and this machine, whose line a test can break. Removed with all that
/// is in it at the end.
final class Namespace implements AutoCloseable {
    /// This machine's address on the line.
    static final String OUTSIDE = "10.213.77.1";

    private static final String INSIDE = "10.213.77.2";
    private static final String DROP_TENTH = "4,32 0 0 4294963256,37 1 0 429496729,6 0 0 2,6 0 0 0"; // a random number decides
    private static final String DROP_ALL = "1,6 0 0 2";

    private final String name = "chaos-" + ProcessHandle.current().pid();
    private final String outer = "cho" + ProcessHandle.current().pid() % 100_000;
    private final String inner = "chi" + ProcessHandle.current().pid() % 100_000;

    private Namespace() {}

    /// @throws TestAbortedException where this machine or user cannot
    static Namespace open() throws IOException {
        Namespace namespace = new Namespace();
        try {
            run("ip", "netns", "add", namespace.name);
            run("ip", "link", "add", namespace.outer, "type", "veth", "peer", "name", namespace.inner, "netns", namespace.name);
            run("ip", "addr", "add", OUTSIDE + "/24", "dev", namespace.outer);
            run("ip", "link", "set", namespace.outer, "up");
            namespace.inside("ip", "addr", "add", INSIDE + "/24", "dev", namespace.inner);
            namespace.inside("ip", "link", "set", namespace.inner, "up");
            namespace.inside("ip", "link", "set", "lo", "up");
            run("tc", "qdisc", "add", "dev", namespace.outer, "clsact");
            return namespace;
        } catch (IOException e) {
            namespace.close();
            throw new TestAbortedException("no network namespace can be made: " + e.getMessage());
        }
    }

    /// What a command has to begin with to run inside.
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    private void inside(String... command) throws IOException {
        List<String> all = new ArrayList<>(prefix());
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

    /// So much passes a second, either way.
    void narrow(String rate) throws IOException {
        run("tc", "qdisc", "add", "dev", outer, "root", "tbf", "rate", rate, "burst", "16kb", "latency", "150ms");
        inside("tc", "qdisc", "add", "dev", inner, "root", "tbf", "rate", rate, "burst", "16kb", "latency", "150ms");
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
        try {
            run("ip", "netns", "del", name); // and with it the pair, when nobody is inside
        } catch (IOException e) {
            // there is none
        }
        try {
            run("ip", "link", "del", outer);
        } catch (IOException e) {
            // it is gone
        }
    }
}
