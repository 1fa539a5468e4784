package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.client.ClientSettings;
import tunnel.client.ClientSettings.Wish;
import tunnel.fixture.LeakCheck;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// A client has what its token may have, and is told in a sentence what it may not.
@ExtendWith(LeakCheck.class)
class TokenRightsTest {
    private World world;
    private TunnelServer server;
    private CountingOrigin origin;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        origin = world.closing(new CountingOrigin());
        server = world.server(Limits.DEFAULT, true, 0);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private World.Client client(JoinString join, String name, int port) {
        return world.client(new ClientSettings(
                join, true, new Wish(new HostPort("localhost", origin.port()), TunnelProtocol.HTTP, name, port)));
    }

    @Test
    void withoutAnyRightsAClientGetsARandomNameAndIsServed() throws Exception {
        World.Client client = client(Tokens.add(world, "plain"), "", 0).ready();
        assertThat(Visit.byName(server.httpPort(), client.name(), "/x").status()).isEqualTo(200);
        assertThat(Tokens.sessions(world, "plain")).isEqualTo(1);
    }

    @Test
    void aNameThatTheTokenMayNotHave() throws Exception {
        JoinString shop = Tokens.add(world, "shop", "names=shop-*");
        Refusals.assertRefused(
                client(shop, "blue-otter", 0),
                "this token may not have the name blue-otter. Leave --name out for a random one, or ask whoever runs the server"
                        + " for a token with it");
        assertThat(client(shop, "shop-1", 0).ready().name()).isEqualTo("shop-1");
    }

    @Test
    void aPublicPortThatTheTokenMayNotChoose() throws Exception {
        int port = world.ports().last();
        Refusals.assertRefused(
                client(Tokens.add(world, "plain"), "", port),
                "this token may not choose public port " + port + ". Choose another with --public-port, or leave --public-port"
                        + " out for any free one");
        JoinString ports = Tokens.add(world, "ports", "ports=" + (port - 5) + "-" + port);
        assertThat(client(ports, "", 0).ready().port()).isBetween(port - 5, port);
    }

    @Test
    void aCustomHostThatTheTokenMayNotHave() throws Exception {
        JoinString join = Tokens.add(world, "hosts", "hosts=*.example.org");
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.login(join.token());
            raw.send(new Frame.Bind(1, TunnelProtocol.HTTP, "", 0, HostOptions.of("www.example.com")));
            assertThat(raw.tunnelAnswer())
                    .isEqualTo(new Frame.Reject(
                            1, RejectCode.HOST_NOT_ALLOWED, "this token may not have the host www.example.com"));
            raw.send(new Frame.Bind(1, TunnelProtocol.HTTP, "", 0, HostOptions.of("www.example.org")));
            assertThat(raw.tunnelAnswer()).isInstanceOf(Frame.Assigned.class);
        }
    }

    @Test
    void aPortOfTheClientsChoosingIsPassedOverWhereAnotherWillDo() throws Exception {
        JoinString plain = Tokens.add(world, "plain");
        int last = world.ports().last();
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.login(plain.token());
            raw.send(new Frame.Bind(1, TunnelProtocol.HTTP, "", last, HostOptions.anyPort()));
            assertThat(((Frame.Assigned) raw.tunnelAnswer()).port()).isNotEqualTo(last);
        }
    }

    @Test
    void aClientThatComesBackInTimeKeepsANameThatItMayNotChoose() throws Exception {
        Link link = world.closing(new Link(server));
        JoinString plain = Tokens.add(world, "plain").at(link.join(server).server());
        World.Client client = client(plain, "", 0).ready();
        List<String> before = client.lines();
        link.wires().forEach(Link.Wire::loseClient);

        await().atMost(World.PATIENCE)
                .until(() -> Visit.byName(server.httpPort(), client.name(), "/back").status() == 200);
        assertThat(client.lines()).isEqualTo(before);
    }

    @Test
    void aClientThatComesBackTooLateGoesOnUnderAnotherRandomName() throws Exception {
        Limits.Sessions usual = Limits.DEFAULT.sessions();
        World other = world.closing(new World());
        TunnelServer forgetful = other.server(Limits.DEFAULT.with(
                new Limits.Sessions(
                        usual.heartbeat(), usual.takeover(), Duration.ofMillis(1), usual.tunnels(), usual.doubt())), true, 0);
        Link link = world.closing(new Link(forgetful));
        JoinString plain = Tokens.add(other, "plain").at(link.join(forgetful).server());
        World.Client client = client(plain, "", 0).ready();
        List<String> before = client.lines();
        link.freezeNew();
        link.cut();
        await().atMost(World.PATIENCE)
                .until(() -> Visit.byName(forgetful.httpPort(), client.name(), "/").status() == 404);

        await().atMost(World.PATIENCE).until(() -> {
            link.wires().forEach(Link.Wire::thaw);
            return client.lines().size() > before.size(); // by the new name; that by port is the old one
        });
        String name = client.lines().get(before.size()).replaceAll("http://([^.]+)\\..*", "$1");
        assertThat(Visit.byName(forgetful.httpPort(), name, "/back").status()).isEqualTo(200);
        assertThat(client.end()).isNotDone();
    }

    /// The options of a `Bind`.
    private static final class HostOptions {
        private static Options of(String host) {
            return new EdgeOptions(
                            List.of(host), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(), List.of())
                    .encode(Options.NONE);
        }

        private static Options anyPort() {
            return Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE);
        }
    }
}
