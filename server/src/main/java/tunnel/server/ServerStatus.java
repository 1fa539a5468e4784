package tunnel.server;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.admin.AdminCommand;
import tunnel.admin.Conversation;
import tunnel.admin.Facts;
import tunnel.cli.Version;
import tunnel.net.Addresses;
import tunnel.protocol.Bytes;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.control.ClientState;
import tunnel.server.control.ControlListener;
import tunnel.server.edge.Edge;
import tunnel.server.edge.Traffic;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Registry;
import tunnel.server.registry.Tunnel;
import tunnel.server.tokens.NamedToken;
import tunnel.server.tokens.TokenStore;

/// What a running server is and does at this moment, for `tunnel-server status` and `doctor`: one line about itself, then one for
/// each session and behind it one for each of its tunnels.
final class ServerStatus implements AdminCommand {
    /// Answered by {@link Facts} of these kinds.
    static final String NAME = "status";
    static final String SERVER = "server";
    static final String SESSION = "session";
    static final String TUNNEL = "tunnel";

    /// Where it looks.
    record Parts(Registry registry, ControlListener control, Edge edge, TokenStore tokens, int httpPort) {}

    private final ServerSettings settings;
    private final Parts parts;
    private final Instant started = Instant.now();

    ServerStatus(ServerSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    @Override
    public void run(List<String> arguments, Conversation conversation) throws IOException {
        conversation.say(server().words());
        Map<Bytes, String> tokens = new HashMap<>();
        for (NamedToken token : parts.tokens.all()) {
            tokens.put(token.key().id(), token.name());
        }
        List<Tunnel> tunnels = parts.registry.tunnels();
        for (ClientState client : parts.control.clients()) {
            conversation.say(session(client, tokens.getOrDefault(client.owner().token(), "")).words());
            for (Tunnel tunnel : tunnels) {
                if (tunnel.owner().equals(client.owner())) {
                    conversation.say(tunnel(tunnel).words());
                }
            }
        }
    }

    private Facts server() {
        Limits limits = settings.limits();
        Facts facts = Facts.of(SERVER)
                .with("version", Version.number())
                .with("pid", ProcessHandle.current().pid())
                .with("state", parts.edge.isDraining() ? "draining" : "serving")
                .with("started", started)
                .with("domain", settings.domain())
                .with("tls", !settings.plain())
                .with("addresses", settings.addresses().stream().map(Addresses::text).toList())
                .with("control-port", parts.control.port())
                .with("http-port", parts.httpPort)
                .with("ports", settings.ports())
                .with("visitors", parts.edge.visitors())
                .with("most-visitors", limits.visitors().most())
                .with("clients", parts.control.connections())
                .with("most-clients", limits.clients().most())
                .with("most-sessions", limits.logins().sessions());
        return counted(facts, parts.edge.traffic());
    }

    private static Facts session(ClientState client, String token) {
        return Facts.of(SESSION)
                .with("id", client.name())
                .with("token", token)
                .with("since", client.since())
                .with("address", client.address())
                .with("idle", client.idle())
                .with("busy", client.busy());
    }

    private Facts tunnel(Tunnel tunnel) {
        Traffic.Count count = parts.edge.traffic(tunnel);
        Facts facts = Facts.of(TUNNEL)
                .with("name", tunnel.name())
                .with("protocol", tunnel.protocol() == TunnelProtocol.HTTP ? "http" : "tcp")
                .with("port", tunnel.port())
                .with("ready", count != null)
                .with("urls", tunnel.urls());
        return counted(facts, count);
    }

    private static Facts counted(Facts facts, Traffic.@Nullable Count count) {
        return count == null
                ? facts
                : facts.with("open", count.open())
                        .with("total", count.total())
                        .with("last-minute", count.lastMinute())
                        .with("last-5-minutes", count.lastFiveMinutes())
                        .with("bytes-in", count.bytesIn())
                        .with("bytes-out", count.bytesOut());
    }
}
