package tunnel.client;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.cli.Version;
import tunnel.doctor.Check;
import tunnel.doctor.Verdict;
import tunnel.local.Local;
import tunnel.local.LocalService;
import tunnel.net.Resources;
import tunnel.net.Transport;
import tunnel.protocol.VersionRange;

/// What `doctor` looks at on this machine alone.
final class MachineChecks {
    /// Two for each visitor, and some for Java: a busy page needs no more.
    private static final long FEW_FILES = 1024;
    private static final List<String> PROXIES = List.of("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY");

    private MachineChecks() {}

    /// @param local to see whether it answers, or null
    static List<Check> all(@Nullable Local local) {
        List<Check> all = new ArrayList<>(List.of(
                new Check("versions", MachineChecks::versions),
                new Check("open files", () -> openFiles(mostFiles())),
                new Check("proxies", () -> proxies(System.getenv()))));
        if (local != null) {
            all.add(new Check("local service", () -> answers(local)));
        }
        return all;
    }

    private static Verdict versions() {
        return Verdict.ok("tunnel-client " + Version.number() + ", protocol " + VersionRange.OURS + ", Java "
                + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    }

    private static long mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    static Verdict openFiles(long most) {
        return most >= FEW_FILES
                ? Verdict.ok("up to " + most)
                : Verdict.fail(
                        "up to " + most + ", which is enough for " + most / 3 + " visitors at once",
                        "Raise it before the client starts: ulimit -n 4096");
    }

    static Verdict proxies(Map<String, String> environment) {
        List<String> set = PROXIES.stream()
                .filter(name -> !environment.getOrDefault(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""))
                        .isEmpty())
                .toList();
        return set.isEmpty()
                ? Verdict.ok("none in the environment")
                : Verdict.note(
                        String.join(", ", set) + " in the environment: the client dials the server directly",
                        "Where only the proxy gets out of this network, have the server's control port let out");
    }

    private static Verdict answers(Local local) {
        if (local instanceof Local.Folder) {
            return Verdict.ok("the folder " + local + " is there");
        }
        try (Resources resources = new Resources();
                LocalService service = new LocalService(local, resources);
                Transport _ = service.dial(() -> {}, () -> true)) {
            return Verdict.ok(local + " answers");
        } catch (IOException e) {
            return Verdict.fail(
                    "cannot reach " + local + ": " + e.getMessage(), "Start your app, or give --local the port that it listens at");
        }
    }
}
