package tunnel.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.awaitility.Awaitility;
import tunnel.cli.RefusedException;
import tunnel.client.ClientSettings;
import tunnel.client.Console;
import tunnel.client.TunnelClient;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// A client in this JVM, where the time that a process takes to start is not what is measured.
final class LightClient implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(out, true, UTF_8));
    private final TunnelClient client;
    private volatile String end = "";

    LightClient(JoinString join, String name, int localPort) {
        client = new TunnelClient(
                new ClientSettings(
                        join,
                        false,
                        new ClientSettings.Wish(new HostPort("localhost", localPort), TunnelProtocol.HTTP, name, 0)),
                console);
        Thread.ofVirtual().name("light-client").start(() -> {
            try {
                client.run();
            } catch (RefusedException | IOException e) {
                end = String.valueOf(e.getMessage());
            }
        });
    }

    /// Waits until it has printed its address.
    void awaitAddress() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> out.toString(UTF_8).contains(" -> ") || !end.isEmpty());
    }

    /// How many addresses it has printed; more than at first where one of them changed.
    long lines() {
        return out.toString(UTF_8).lines().count();
    }

    @Override
    public void close() {
        client.close();
        console.flush();
    }
}
