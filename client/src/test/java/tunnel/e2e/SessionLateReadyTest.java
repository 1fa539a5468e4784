package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tunnel.net.Resources;
import tunnel.channel.StreamOutput;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.registry.Leases;
import tunnel.server.registry.NoRoute;
import tunnel.server.registry.Owner;
import tunnel.server.registry.PortRange;
import tunnel.server.registry.PublicAddress;
import tunnel.server.registry.PublicUrl;
import tunnel.server.registry.PublicSide;
import tunnel.server.registry.Registry;
import tunnel.server.registry.Rights;
import tunnel.server.registry.RejectedException;
import tunnel.server.registry.Tunnel;
import tunnel.server.registry.Visitor;

/// A session ends on one thread while another opens its tunnel.
class SessionLateReadyTest {
    @TempDir
    private Path folder;

    @Test
    void aTunnelThatIsOpenedWhileItIsReleasedDoesNotStayOpen() throws Exception {
        try (Resources resources = new Resources();
                LeaseJournal journal = LeaseJournal.open(folder.resolve("leases"))) {
            openWhileReleased(new Leases(journal, resources.deadlines(), Duration.ofMinutes(1)));
        }
    }

    private static void openWhileReleased(Leases leases) throws RejectedException {
        LateSide side = new LateSide();
        Registry registry = new Registry(
                new PublicAddress("localhost", PublicUrl.direct(80)),
                new PortRange(20000, 20010),
                side,
                leases);
        Tunnel tunnel = registry.reserve(
                new Gone(), new Frame.Bind(1, TunnelProtocol.HTTP, "blue-otter", 0, Options.NONE), EdgeOptions.NONE);
        side.onFirstClose = () -> registry.open(tunnel);

        registry.release(tunnel);

        assertThat(side.open).isEmpty();
        assertThat(registry.route("blue-otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
        assertThat(registry.tunnels()).isEmpty();
    }

    /// Lets the other thread's step happen at the worst moment.
    private static final class LateSide implements PublicSide {
        private final Set<Tunnel> open = new HashSet<>();
        private Runnable onFirstClose = () -> {};

        @Override
        public void open(Tunnel tunnel) {
            open.add(tunnel);
        }

        @Override
        public void close(Tunnel tunnel) {
            open.remove(tunnel);
            Runnable first = onFirstClose;
            onFirstClose = () -> {};
            first.run();
        }

        @Override
        public boolean claim(Tunnel tunnel) {
            return true;
        }
    }

    private static final class Gone implements Owner {
        @Override
        public Bytes token() {
            return Bytes.NONE;
        }

        @Override
        public Rights rights() {
            return Rights.ALL;
        }

        @Override
        public boolean answersWithin(Duration time) {
            return false;
        }

        @Override
        public void lost() {}

        @Override
        public StreamOutput open(Tunnel tunnel, Visitor visitor, @Nullable ByteBuffer first) {
            throw new UnsupportedOperationException();
        }
    }
}
