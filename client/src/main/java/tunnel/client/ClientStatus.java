package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tunnel.admin.AdminCommand;
import tunnel.admin.Conversation;
import tunnel.admin.Facts;
import tunnel.cli.Version;
import tunnel.events.ClientModel;
import tunnel.events.ClientSnapshot;

/// What a running client is at this moment: one line about itself, then one for each tunnel.
final class ClientStatus implements AdminCommand {
    /// Answered by {@link Facts} of these kinds.
    static final String NAME = "status";
    static final String CLIENT = "client";
    static final String TUNNEL = "tunnel";

    private final ClientModel model;
    private final Instant started = Instant.now();

    ClientStatus(ClientModel model) {
        this.model = model;
    }

    @Override
    public void run(List<String> arguments, Conversation conversation) throws IOException {
        ClientSnapshot now = model.snapshot();
        conversation.say(client(now).words());
        for (ClientSnapshot.Tunnel tunnel : now.tunnels()) {
            conversation.say(tunnel(tunnel).words());
        }
    }

    private Facts client(ClientSnapshot now) {
        ClientSnapshot.Session session = now.session();
        ClientSnapshot.Traffic traffic = now.traffic();
        return Facts.of(CLIENT)
                .with("version", Version.number())
                .with("pid", ProcessHandle.current().pid())
                .with("started", started)
                .with("server", session.server())
                .with("state", session.phase().name().toLowerCase(Locale.ROOT))
                .with("since", session.since())
                .with("why", session.why())
                .with("next-dial", session.next() == null ? "" : session.next().toString())
                .with("round-trip-micros", micros(session.roundTrip()))
                .with("inspector", now.inspector())
                .with("total", traffic.total())
                .with("open", traffic.open())
                .with("failed", traffic.failed())
                .with("last-minute", traffic.lastMinute())
                .with("last-5-minutes", traffic.lastFiveMinutes())
                .with("p50-micros", traffic.p50Micros())
                .with("p90-micros", traffic.p90Micros());
    }

    private static String micros(@Nullable Duration time) {
        return time == null ? "" : Long.toString(time.toNanos() / 1000);
    }

    private static Facts tunnel(ClientSnapshot.Tunnel tunnel) {
        return Facts.of(TUNNEL)
                .with("label", tunnel.shown().label())
                .with("name", tunnel.shown().name())
                .with("protocol", tunnel.shown().protocol().name().toLowerCase(Locale.ROOT))
                .with("port", tunnel.shown().port())
                .with("local", tunnel.shown().local())
                .with("state", tunnel.stage().name().toLowerCase(Locale.ROOT))
                .with("why", tunnel.why())
                .with("local-down", tunnel.down())
                .with("urls", tunnel.shown().urls());
    }
}
