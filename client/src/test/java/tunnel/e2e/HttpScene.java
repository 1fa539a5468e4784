package tunnel.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tunnel.client.ClientSettings;
import tunnel.local.Local;
import tunnel.net.Cidr;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.PublicSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;

/// A server and one HTTP tunnel of the name `blue-otter`, for tests of what the edge makes of requests and responses.
record HttpScene(World world, TunnelServer server, World.Client client) implements AutoCloseable {
    private static final PublicSettings QUIET = new PublicSettings(AccessLog.Settings.OFF, List.of(), null);

    static HttpScene of(int localPort) throws IOException {
        return of(localPort, EdgeOptions.NONE, Bounds.patient(), QUIET);
    }

    static HttpScene of(int localPort, EdgeOptions options) throws IOException {
        return of(localPort, options, Bounds.patient(), QUIET);
    }

    static HttpScene of(int localPort, Limits limits) throws IOException {
        return of(localPort, EdgeOptions.NONE, limits, QUIET);
    }

    /// With a local service that is more than a port.
    static HttpScene of(Local local) throws IOException {
        return of(local, EdgeOptions.NONE, Bounds.patient(), QUIET);
    }

    /// With a server that believes what proxies on loopback say.
    static HttpScene behindProxy(int localPort) throws IOException {
        return behindProxy(localPort, EdgeOptions.NONE);
    }

    static HttpScene behindProxy(int localPort, EdgeOptions options) throws IOException {
        PublicSettings trusting =
                new PublicSettings(AccessLog.Settings.OFF, List.of(Cidr.parse("127.0.0.0/8")), null);
        return of(localPort, options, Bounds.patient(), trusting);
    }

    /// With an access log, in combined format.
    static HttpScene logging(Path file, int localPort, EdgeOptions options, Limits limits) throws IOException {
        AccessLog.Settings log = new AccessLog.Settings(true, file, AccessLog.Format.COMBINED);
        return of(localPort, options, limits, new PublicSettings(log, List.of(), null));
    }

    /// Whose visitors are held for so long while the local service is down.
    static HttpScene holding(int localPort, Duration wait, EdgeOptions options, Limits limits) throws IOException {
        return of(wish(Local.plain(new HostPort("localhost", localPort)), options).waiting(wait), limits, QUIET);
    }

    private static HttpScene of(int localPort, EdgeOptions options, Limits limits, PublicSettings settings) throws IOException {
        return of(Local.plain(new HostPort("localhost", localPort)), options, limits, settings);
    }

    private static HttpScene of(Local local, EdgeOptions options, Limits limits, PublicSettings settings) throws IOException {
        return of(wish(local, options), limits, settings);
    }

    private static ClientSettings.Wish wish(Local local, EdgeOptions options) {
        return new ClientSettings.Wish(local, TunnelProtocol.HTTP, Scene.NAME, 0, options);
    }

    private static HttpScene of(ClientSettings.Wish wish, Limits limits, PublicSettings settings) throws IOException {
        World world = new World();
        TunnelServer server = world.server(limits, settings);
        try {
            World.Client client =
                    world.client(new ClientSettings(server.joinString(), false, wish)).ready();
            return new HttpScene(world, server, client);
        } catch (RuntimeException | Error e) {
            world.close(); // or what it has started would fail the tests after this one
            throw e;
        }
    }

    /// The Host of the tunnel's name.
    String host() {
        return Scene.NAME + ".localhost:" + server.httpPort();
    }

    /// A visitor of the HTTP edge, who has yet to say something.
    Peer visitor() throws IOException {
        return Peer.visiting(server.httpPort());
    }

    String get(String target) {
        return HttpAnswer.get(host(), target);
    }

    /// A request with fields, each ended by CR LF.
    String request(String line, String fields) {
        return line + " HTTP/1.1\r\nHost: " + host() + "\r\n" + fields + "\r\n";
    }

    String post(String target, String body) {
        return HttpAnswer.post(host(), target, body.length()) + body;
    }

    /// One request on a connection of its own.
    HttpAnswer ask(String request) throws IOException {
        try (Peer visitor = visitor()) {
            return HttpAnswer.read(visitor.send(request));
        }
    }

    @Override
    public void close() throws IOException {
        world.close();
    }
}
