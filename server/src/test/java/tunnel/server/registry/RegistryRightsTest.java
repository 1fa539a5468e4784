package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.server.registry.World.wish;
import static tunnel.server.registry.World.wishOrAnyPort;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.server.registry.World.Holder;

/// Nobody gets what their token may not have.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RegistryRightsTest {
    private World world;
    private int first;
    private int last;

    @BeforeEach
    void start() throws IOException {
        world = new World(3);
        first = world.ports.first();
        last = world.ports.last();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private void assertRejected(Rights rights, Bind wish, EdgeOptions options, RejectCode code, String message) {
        assertThatThrownBy(() -> world.registry.reserve(new Holder(rights), wish, options))
                .isInstanceOfSatisfying(RejectedException.class, e -> Assertions.assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
        assertThat(world.registry.tunnels()).isEmpty();
    }

    private static Rights ports(int first, int last) {
        return new Rights(List.of(), List.of(), List.of(new PortRange(first, last)));
    }

    @Test
    void withoutRightsTheServerChoosesNameAndPort() throws Exception {
        Tunnel tunnel = world.reserve(new Holder(Rights.NONE), wish("", 0));

        assertThat(tunnel.name()).matches("[a-z]+-[a-z]+");
        assertThat(tunnel.port()).isEqualTo(first);
    }

    @Test
    void aNameThatIsNotListed() throws Exception {
        Rights shop = new Rights(List.of("shop-*"), List.of(), List.of());
        assertRejected(
                shop, wish("otter", 0), EdgeOptions.NONE, RejectCode.NAME_NOT_ALLOWED, "this token may not have the name otter");
        assertThat(world.reserve(new Holder(shop), wish("Shop-1", 0)).name()).isEqualTo("shop-1");
    }

    @Test
    void aHostThatIsNotListed() throws Exception {
        Rights rights = new Rights(List.of(), List.of("www.example.org"), List.of());
        assertRejected(
                rights,
                wish("", 0),
                hosts("www.example.org", "example.com"),
                RejectCode.HOST_NOT_ALLOWED,
                "this token may not have the host example.com");
        assertThat(world.registry.reserve(new Holder(rights), wish("", 0), hosts("www.example.org")).urls())
                .anyMatch(url -> url.contains("www.example.org"));
    }

    private static EdgeOptions hosts(String... hosts) {
        return new EdgeOptions(
                List.of(hosts), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(), List.of());
    }

    @Test
    void aPortIsNotForThoseWithoutAnyToChoose() throws Exception {
        assertRejected(
                Rights.NONE,
                wish("", last),
                EdgeOptions.NONE,
                RejectCode.PORT_NOT_ALLOWED,
                "this token may not choose public port " + last);
        assertThat(world.reserve(new Holder(Rights.NONE), wishOrAnyPort(last)).port()).isEqualTo(first);
    }

    @Test
    void listedPortsAreAskedForAndGivenAndNoOthers() throws Exception {
        Rights rights = ports(first + 1, last);
        assertRejected(
                rights,
                wish("", first),
                EdgeOptions.NONE,
                RejectCode.PORT_NOT_ALLOWED,
                "this token may not choose public port " + first);
        assertThat(world.reserve(new Holder(rights), wishOrAnyPort(first)).port()).isEqualTo(first + 1);
        assertThat(world.reserve(new Holder(rights), wish("", last)).port()).isEqualTo(last);
        assertThatThrownBy(() -> world.reserve(new Holder(rights), wish("", 0)))
                .isInstanceOfSatisfying(RejectedException.class, e -> Assertions.assertThat(e.code())
                        .isEqualTo(RejectCode.NO_PORT_LEFT))
                .hasMessage("all of the server's public ports, " + world.ports + ", that this token may have are in use");
    }

    @Test
    void whatATokenHasLostItMayHaveAgainWhateverItsRights() throws Exception {
        Holder some = new Holder(Rights.NONE);
        Tunnel given = world.reserve(some, wish("", 0));
        world.registry.releaseLost(given);

        Tunnel again = world.reserve(new Holder(some.token(), Rights.NONE), wish(given.name(), given.port()));
        assertThat(again.name()).isEqualTo(given.name());
        assertThat(again.port()).isEqualTo(given.port());
        world.registry.release(again);
        assertThatThrownBy(() -> world.reserve(new Holder(some.token(), Rights.NONE), wish(given.name(), 0)))
                .hasMessage("this token may not have the name " + given.name());
    }
}
