package tunnel.inspect.web;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientEvents;
import tunnel.inspect.store.Store;

/// How the client is, as far as its page shows it. Any thread tells, any asks.
final class ClientStatus implements ClientEvents {
    private record Tunnel(Shown shown, @Nullable String down) {}

    private record Session(String state, String why) {}

    private final String version;
    private final String server;
    private final Store store;
    private final Map<Integer, Tunnel> tunnels = new ConcurrentSkipListMap<>();
    private volatile Session session = new Session("connecting", "");

    /// @param server host and port
    ClientStatus(String version, String server, Store store) {
        this.version = version;
        this.server = server;
        this.store = store;
    }

    String version() {
        return version;
    }

    /// Exchanges that were not captured, since the client began.
    long missed() {
        return store.count().missed();
    }

    @Override
    public void unreachable(String why) {
        session = new Session(session.state.equals("connecting") ? "connecting" : "lost", why);
    }

    @Override
    public void online() {
        session = new Session("online", "");
    }

    @Override
    public void lost(String why) {
        session = new Session("lost", why);
    }

    @Override
    public void ready(Shown tunnel) {
        tunnels.compute(tunnel.id(), (_, before) -> new Tunnel(tunnel, before == null || isRefusal(before) ? null : before.down));
    }

    private static boolean isRefusal(Tunnel tunnel) {
        return tunnel.down != null && tunnel.down.startsWith("refused: ");
    }

    @Override
    public void refused(Shown tunnel, String why) {
        tunnels.put(tunnel.id(), new Tunnel(tunnel, "refused: " + why));
    }

    @Override
    public void removed(Shown tunnel) {
        tunnels.remove(tunnel.id());
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        tunnels.put(tunnel.id(), new Tunnel(tunnel, why));
    }

    @Override
    public void localUp(Shown tunnel) {
        tunnels.put(tunnel.id(), new Tunnel(tunnel, null));
    }

    void write(JsonGenerator json) throws IOException {
        Session now = session;
        json.writeStartObject();
        json.writeStringField("version", version);
        json.writeStringField("session", now.state);
        json.writeStringField("why", now.why);
        json.writeStringField("server", server);
        json.writeArrayFieldStart("tunnels");
        for (Tunnel tunnel : tunnels.values()) {
            write(json, tunnel);
        }
        json.writeEndArray();
        json.writeBooleanField("capturing", true);
        json.writeNumberField("bodyLimit", store.bounds().body());
        json.writeNumberField("memoryLimit", store.bounds().bytes());
        json.writeNumberField("memoryUsed", store.count().used());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Tunnel tunnel) throws IOException {
        Shown shown = tunnel.shown;
        json.writeStartObject();
        json.writeNumberField("id", shown.id());
        json.writeStringField("label", shown.label());
        json.writeStringField("protocol", shown.protocol().name().toLowerCase(Locale.ROOT));
        json.writeStringField("local", shown.local());
        json.writeArrayFieldStart("urls");
        for (String url : shown.urls()) {
            json.writeString(url);
        }
        json.writeEndArray();
        json.writeStringField("down", tunnel.down);
        json.writeEndObject();
    }
}
