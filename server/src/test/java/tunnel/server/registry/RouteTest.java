package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.server.registry.World.wish;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.registry.World.Holder;

/// Where a Host leads: by name, by custom host, and for a while after a client was lost.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RouteTest {
    private final Holder owner = new Holder();
    private World world;
    private Registry registry;

    @BeforeEach
    void start() throws IOException {
        world = new World(3);
        registry = world.registry;
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private static EdgeOptions hosts(String... hosts) {
        EdgeOptions none = EdgeOptions.NONE;
        return new EdgeOptions(
                List.of(hosts),
                none.credentials(),
                none.allow(),
                none.deny(),
                none.maxBody(),
                none.rate(),
                none.responseTimeout(),
                none.hostHeader(),
                none.requestFields(),
                none.responseFields());
    }

    private Tunnel ready(Owner holder, String name, String... hosts) throws RejectedException {
        Tunnel tunnel = registry.reserve(holder, wish(name, 0), hosts(hosts));
        registry.open(tunnel);
        return tunnel;
    }

    private void assertRejected(Bind wish, RejectCode code, String message, String host, Owner... holder) {
        assertThatThrownBy(() -> registry.reserve(new Holder(), wish, hosts(host)))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    Assertions.assertThat(e.code()).isEqualTo(code);
                    Assertions.assertThat(e).hasMessage(message);
                    Assertions.assertThat(e.holder()).isEqualTo(holder.length == 0 ? null : holder[0]);
                });
    }

    @Test
    void aHostLeadsToItsTunnelTheBareDomainToItselfAndAnyOtherNowhere() throws Exception {
        Tunnel tunnel = ready(owner, "otter");

        assertThat(registry.route("otter.localhost")).isEqualTo(tunnel);
        assertThat(registry.route("localhost")).isEqualTo(NoRoute.DOMAIN_ITSELF);
        assertThat(registry.route("")).as("HTTP/1.0 need not say").isEqualTo(NoRoute.DOMAIN_ITSELF);
        for (String host : List.of("fox.localhost", "a.otter.localhost", "otter", "otterlocalhost", "127.0.0.1")) {
            assertThat(registry.route(host)).as(host).isEqualTo(NoRoute.UNKNOWN);
        }
    }

    @Test
    void customHostsLeadToTheTunnelFromItsOpeningToItsRelease() throws Exception {
        Tunnel tunnel = registry.reserve(owner, wish("otter", 0), hosts("app.example.org", "example.net"));
        assertThat(registry.route("app.example.org")).as("only reserved").isEqualTo(NoRoute.UNKNOWN);
        assertThat(tunnel.urls())
                .satisfies(urls -> Assertions.assertThat(urls.get(1)).startsWith("http://app.example.org:"))
                .satisfies(urls -> Assertions.assertThat(urls.get(2)).startsWith("http://example.net:"));

        registry.open(tunnel);
        assertThat(registry.route("app.example.org")).isEqualTo(tunnel);
        assertThat(registry.route("example.net")).isEqualTo(tunnel);
        assertThat(registry.route("www.example.net")).isEqualTo(NoRoute.UNKNOWN);

        registry.release(tunnel);
        assertThat(registry.route("app.example.org")).isEqualTo(NoRoute.UNKNOWN);
    }

    @Test
    void aCustomHostIsGivenOnceUntilItIsReleased() throws Exception {
        Tunnel tunnel = registry.reserve(owner, wish("otter", 0), hosts("app.example.org"));
        assertRejected(wish("fox", 0), RejectCode.HOST_TAKEN, "the host app.example.org is taken", "app.example.org", owner);
        assertThat(registry.tunnels()).as("who is rejected holds nothing").containsExactly(tunnel);
        registry.release(tunnel);

        assertThat(ready(new Holder(), "fox", "app.example.org").name()).isEqualTo("fox");
    }

    @ParameterizedTest
    @CsvSource({
        "fox.localhost,  'it belongs to this server''s own domain, localhost, where a tunnel has a name'",
        "localhost,      'it belongs to this server''s own domain, localhost, where a tunnel has a name'"
    })
    void aHostOfTheServersOwnDomainIsRefused(String host, String why) {
        assertRejected(wish("", 0), RejectCode.HOST_NOT_ALLOWED, "the host " + host + " cannot be had: " + why, host);
        assertThat(registry.tunnels()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,           to every visitor it means the visitor's own computer",
        "a.localhost,         to every visitor it means the visitor's own computer",
        "tunnel.example.com,  'it belongs to this server''s own domain, tunnel.example.com, where a tunnel has a name'",
        "a.b.tunnel.example.com, 'it belongs to this server''s own domain, tunnel.example.com, where a tunnel has a name'"
    })
    void aHostThatNobodyCanHaveIsRefused(String host, String why) {
        assertThatThrownBy(() -> CustomHosts.check(List.of("good.example.org", host), TunnelProtocol.HTTP, "tunnel.example.com"))
                .isInstanceOf(RejectedException.class)
                .hasMessage("the host " + host + " cannot be had: " + why);
    }

    @Test
    void hostsNextToTheServersDomainAreFree() throws Exception {
        CustomHosts.check(
                List.of("example.com", "www.example.com", "mytunnel.example.com", "localhost.example.org"),
                TunnelProtocol.HTTP,
                "tunnel.example.com");
    }

    @Test
    void aTcpTunnelCannotHaveAHost() {
        assertRejected(
                new Bind(1, TunnelProtocol.TCP, "otter", 0, Options.NONE),
                RejectCode.HOST_NOT_ALLOWED,
                "the host app.example.org cannot be had: only an HTTP tunnel can have a host",
                "app.example.org");
    }

    @Test
    void aLostClientIsAwayByNameAndByHostUntilItIsBack() throws Exception {
        Tunnel tunnel = ready(owner, "otter", "app.example.org");
        registry.releaseLost(tunnel);
        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.CLIENT_AWAY);
        assertThat(registry.route("app.example.org")).isEqualTo(NoRoute.CLIENT_AWAY);

        Tunnel again = ready(owner, "otter");
        assertThat(registry.route("otter.localhost")).isEqualTo(again);
        assertThat(registry.route("app.example.org")).isEqualTo(NoRoute.CLIENT_AWAY);
        registry.release(again);
        assertThat(registry.route("otter.localhost")).as("it left in order").isEqualTo(NoRoute.UNKNOWN);
    }

    @Test
    void aTunnelThatNobodyCouldVisitYetIsAwayToo() throws Exception {
        registry.releaseLost(registry.reserve(owner, wish("otter", 0), hosts("app.example.org")));
        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.CLIENT_AWAY);
        assertThat(registry.route("app.example.org")).isEqualTo(NoRoute.CLIENT_AWAY);
    }

    @Test
    void whatWasReleasedIsNotLostAfterwards() throws Exception {
        Tunnel released = ready(owner, "otter");
        registry.release(released);
        registry.releaseLost(released);
        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
    }
}
