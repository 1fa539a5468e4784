package tunnel.e2e;

import java.io.IOException;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// The usual cast of these tests: a local service, a server, a client of the name `blue-otter`, and between the two a link
/// that can break.
///
/// @param other another token that the server knows
record Scene(World world, Token other, CountingOrigin origin, TunnelServer server, Link link, World.Client client, boolean plain)
        implements AutoCloseable {
    static final String NAME = "blue-otter";

    /// Starts all of them and waits for the client's addresses.
    static Scene start(Limits limits, boolean plain) throws IOException {
        World world = new World();
        Token other = world.anotherToken();
        CountingOrigin origin = world.closing(new CountingOrigin());
        TunnelServer server = world.server(limits, plain, 0);
        Link link = world.closing(new Link(server));
        World.Client client =
                world.client(link.join(server), plain, origin.port(), TunnelProtocol.HTTP, NAME).ready();
        return new Scene(world, other, origin, server, link, client, plain);
    }

    /// With TLS.
    static Scene start(Limits limits) throws IOException {
        return start(limits, false);
    }

    /// A request to the client's name.
    Visit visit(String path) {
        return Visit.byName(server.httpPort(), NAME, path);
    }

    /// A request to the client's name that must not be repeated.
    Visit post(String path) {
        return Visit.postByName(server.httpPort(), NAME, path);
    }

    /// The token of the client.
    Token token() {
        return server.joinString().token();
    }

    /// The join string of the other token.
    JoinString otherJoin() {
        return new JoinString(other, server.joinString().server(), server.joinString().pin());
    }

    /// Asks for a name by hand, in a session of its own.
    boolean couldHave(String name, Token token) throws IOException {
        try (RawClient raw = RawClient.connect(server.controlPort(), plain)) {
            raw.login(token);
            raw.askFor(1, name);
            return raw.tunnelAnswer() instanceof Frame.Assigned;
        }
    }

    @Override
    public void close() throws IOException {
        world.close();
    }
}
