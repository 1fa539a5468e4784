package tunnel.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Token;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.registry.Leases;
import tunnel.server.registry.Limits;
import tunnel.server.registry.NoRoute;
import tunnel.server.registry.PortRange;
import tunnel.server.registry.PublicAddress;
import tunnel.server.registry.PublicSide;
import tunnel.server.registry.PublicUrl;
import tunnel.server.registry.Registry;
import tunnel.server.registry.Tunnel;
import tunnel.server.tokens.TokenStore;

/// A session ends while it binds a tunnel.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SessionTunnelsTest {
    private static final String HOST = "otter.localhost";

    @TempDir
    private Path folder;

    private final Side side = new Side();

    /// Lets the other thread's step happen at the worst moment.
    private static final class Side implements PublicSide {
        private final Set<Tunnel> claimed = new HashSet<>(); // whose ports would be bound
        private Runnable onClaim = () -> {};

        @Override
        public void open(Tunnel tunnel) {}

        @Override
        public void close(Tunnel tunnel) {
            claimed.remove(tunnel);
        }

        @Override
        public boolean claim(Tunnel tunnel) {
            onClaim.run();
            return claimed.add(tunnel);
        }
    }

    /// Binds a tunnel in a session whose client leaves or is lost meanwhile.
    private void bind(Registry registry, Resources resources, boolean left) throws Exception {
        Token token = Token.random();
        TokenStore tokens = TokenStore.read("", _ -> {}, InstantSource.system());
        tokens.addFirst(token);
        try (LoopbackPair pair = LoopbackPair.open()) {
            Session session = new Session(
                    new Session.Identity(Bytes.random(16), token.id(), Bytes.random(32)),
                    new FrameChannel(pair.near(), resources.buffers()),
                    new Session.Context(registry, Limits.DEFAULT, resources.deadlines(), tokens, new Sessions(Limits.DEFAULT.logins())));
            SessionTunnels tunnels = new SessionTunnels(session, registry, Limits.DEFAULT);
            side.onClaim = () -> tunnels.releaseAll(left);
            tunnels.bind(new Frame.Bind(1, TunnelProtocol.HTTP, "otter", 0, Options.NONE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsNameStaysItsTokensUnlessItsClientLeft(boolean left) throws Exception {
        try (Resources resources = new Resources();
                LeaseJournal journal = LeaseJournal.open(folder.resolve("leases"))) {
            Registry registry = new Registry(
                    new PublicAddress("localhost", PublicUrl.direct(80)),
                    new PortRange(20_000, 20_009),
                    side,
                    new Leases(journal, resources.deadlines(), Duration.ofMinutes(10)));
            bind(registry, resources, left);

            assertThat(registry.tunnels()).isEmpty();
            assertThat(side.claimed).isEmpty();
            assertThat(registry.route(HOST)).isEqualTo(left ? NoRoute.UNKNOWN : NoRoute.CLIENT_AWAY);
        }
    }
}
