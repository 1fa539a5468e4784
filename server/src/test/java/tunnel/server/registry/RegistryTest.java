package tunnel.server.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.server.registry.World.wish;
import static tunnel.server.registry.World.wishOrAnyPort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.net.Listener;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.registry.World.Holder;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class RegistryTest {
    private final Holder owner = new Holder();
    private World world;
    private Registry registry;
    private int first;
    private int last;

    @BeforeEach
    void start() throws IOException {
        world = new World(3);
        registry = world.registry;
        first = world.ports.first();
        last = world.ports.last();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private void assertRejected(Bind wish, RejectCode code, String message, Owner... holder) {
        assertThatThrownBy(() -> world.reserve(new Holder(), wish))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    Assertions.assertThat(e.code()).isEqualTo(code);
                    Assertions.assertThat(e).hasMessage(message);
                    Assertions.assertThat(e.holder()).isEqualTo(holder.length == 0 ? null : holder[0]);
                });
    }

    @Test
    void whoWishesNothingGetsAFriendlyNameAndTheFirstFreePort() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("", 0));

        assertThat(tunnel.name()).matches("[a-z]+-[a-z]+");
        assertThat(tunnel.port()).isEqualTo(first);
        assertThat(tunnel.urls())
                .hasSize(2)
                .satisfies(urls -> Assertions.assertThat(urls.getFirst()).startsWith("http://" + tunnel.name() + ".localhost:"))
                .endsWith("http://localhost:" + first);
        assertThat(tunnel.owner()).isEqualTo(owner);
        assertThat(registry.tunnels()).containsExactly(tunnel);
    }

    @Test
    void aWishIsGranted() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("Blue-Otter", last));

        assertThat(tunnel.name()).isEqualTo("blue-otter");
        assertThat(tunnel.port()).isEqualTo(last);
    }

    @Test
    void aNameIsGivenOnceUntilItIsReleased() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("otter", 0));
        assertRejected(wish("OTTER", 0), RejectCode.NAME_TAKEN, "the name otter is taken", owner);
        registry.release(tunnel);
        registry.release(tunnel);

        assertThat(world.reserve(new Holder(), wish("otter", 0)).port()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-otter", "otter.fox", "otter fox"})
    void whatIsNoNameIsRejected(String name) {
        assertRejected(
                wish(name, 0),
                RejectCode.NAME_INVALID,
                "'" + name + "' is not a name: write 1 to 63 letters a to z, digits and hyphens, with no hyphen first or last");
        assertThat(registry.tunnels()).isEmpty();
    }

    @Test
    void aPortOutsideTheRangeIsRejectedUnlessAnyWillDo() throws Exception {
        assertRejected(
                wish("", last + 1),
                RejectCode.PORT_NOT_ALLOWED,
                "public port " + (last + 1) + " is not one of this server's " + world.ports);
        assertThat(world.reserve(owner, wishOrAnyPort(last + 1)).port()).isEqualTo(first);
    }

    @Test
    void aPortOfAnotherTunnelIsRejectedUnlessAnyWillDo() throws Exception {
        var _ = world.reserve(owner, wish("", first));
        assertRejected(
                wish("", first), RejectCode.PORT_TAKEN, "public port " + first + " is taken by another tunnel", owner);
        assertThat(world.reserve(owner, wishOrAnyPort(first)).port()).isEqualTo(first + 1);
    }

    @Test
    void aPortOfAnotherProgramIsRejectedUnlessAnyWillDo() throws Exception {
        try (Listener other = World.otherProgram(first + 1)) {
            assertRejected(
                    wish("", other.port()),
                    RejectCode.PORT_TAKEN,
                    "public port " + other.port() + " is in use by another program");
            assertThat(registry.tunnels()).isEmpty();
            assertThat(world.reserve(owner, wishOrAnyPort(other.port())).port()).isEqualTo(first);
            assertThat(world.reserve(owner, wish("", 0)).port()).as("it is passed over").isEqualTo(last);
        }
    }

    @Test
    void whenTheRangeIsUsedUpNobodyElseGetsIn() throws Exception {
        String message = "all of the server's public ports, " + world.ports + ", are in use";
        try (Listener _ = World.otherProgram(first)) {
            var _ = world.reserve(owner, wish("", 0));
            Tunnel released = world.reserve(owner, wish("", 0));
            assertRejected(wish("", 0), RejectCode.NO_PORT_LEFT, message);
            assertRejected(wishOrAnyPort(last), RejectCode.NO_PORT_LEFT, message);
            registry.release(released);

            assertThat(world.reserve(owner, wish("", 0)).port()).isEqualTo(last);
        }
    }

    @Test
    void visitorsFindATunnelFromItsOpeningToItsRelease() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("otter", 0));
        assertThat(registry.route("otter.localhost")).as("only reserved").isEqualTo(NoRoute.UNKNOWN);

        registry.open(tunnel);
        assertThat(registry.route("otter.localhost")).isEqualTo(tunnel);
        assertThat(registry.route("fox.localhost")).isEqualTo(NoRoute.UNKNOWN);
        assertThat(World.isFree(first)).isFalse();

        registry.release(tunnel);
        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
        assertThat(World.isFree(first)).isTrue();
        assertThat(registry.tunnels()).isEmpty();
    }

    @Test
    void aTcpTunnelIsNotFoundByName() throws Exception {
        Tunnel tunnel = world.reserve(owner, new Bind(1, TunnelProtocol.TCP, "otter", 0, Options.NONE));
        registry.open(tunnel);

        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
        assertThat(tunnel.urls()).isEqualTo(List.of("tcp://localhost:" + first));
    }

    @Test
    void noOtherProgramGetsTheOnlyPortThatIsLeftOnceItIsReserved() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("otter", last));
        assertThatThrownBy(() -> World.otherProgram(last)).isInstanceOf(BindException.class);

        registry.release(tunnel);
        assertThat(World.isFree(last)).isTrue();
    }

    @Test
    void oneWhoComesBeforeATunnelIsOpenWaitsForIt() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("otter", 0));
        try (Socket early = new Socket(InetAddress.getLoopbackAddress(), first)) {
            early.getOutputStream().write("not HTTP\r\n\r\n".getBytes(US_ASCII));
            early.setSoTimeout(10_000);
            registry.open(tunnel);
            assertThat(early.getInputStream().readNBytes(12)).asString(US_ASCII).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void oneReleasedWhileItWasBeingOpenedStaysClosed() throws Exception {
        Tunnel tunnel = world.reserve(owner, wish("otter", 0));
        registry.release(tunnel);
        registry.open(tunnel);

        assertThat(registry.route("otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
        assertThat(World.isFree(first)).isTrue();
    }
}
