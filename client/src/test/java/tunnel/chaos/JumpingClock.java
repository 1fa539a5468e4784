package tunnel.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tunnel.net.Addresses;
import tunnel.server.PublicSettings;
import tunnel.server.ServerSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.PortRange;

/// A server whose clock on the wall goes an hour on, two back, and one on again.
final class JumpingClock {
    private static final String HOST = "kept.localhost";

    private JumpingClock() {}

    /// How many answers were wrong; one more where the client's addresses have changed.
    ///
    /// @param times how often to ask after each jump, on a kept connection and on a new one
    static int errors(int times, Duration pause) throws Exception {
        Path folder = Files.createTempDirectory("chaos-clock");
        AtomicReference<Duration> jump = new AtomicReference<>(Duration.ZERO);
        ServerSettings settings = new ServerSettings(
                "localhost",
                Addresses.loopback(),
                0,
                0,
                new PortRange(21_000, 29_000),
                folder.resolve("state"),
                false,
                new PublicSettings(AccessLog.Settings.OFF, List.of(), null),
                Limits.DEFAULT,
                false);
        try (App app = new App();
                TunnelServer server = TunnelServer.start(settings, () -> Instant.now().plus(jump.get()));
                LightClient client = new LightClient(server.joinString(), "kept", app.port())) {
            client.awaitAddress();
            int errors = 0;
            try (Asker kept = new Asker(server.httpPort(), HOST)) {
                for (Duration to : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
                    jump.set(to);
                    for (int i = 0; i < times; i++) {
                        errors += kept.ask("/" + i).status() == 200 ? 0 : 1;
                        errors += Asker.once(server.httpPort(), HOST, "/").status() == 200 ? 0 : 1;
                        Pause.of(pause);
                    }
                }
            }
            return errors + (client.lines() == 2 ? 0 : 1);
        } finally {
            Folders.delete(folder);
        }
    }
}
