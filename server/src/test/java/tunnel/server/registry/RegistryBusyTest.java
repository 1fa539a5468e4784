package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tunnel.server.registry.World.wish;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.net.Resources;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.lease.LeaseJournal;
import tunnel.server.registry.World.Holder;

/// The public side cannot do what it should, or takes its time.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RegistryBusyTest {
    @TempDir
    private Path folder;

    private final Resources resources = new Resources();
    private final Side side = new Side();
    private LeaseJournal journal;
    private Registry registry;

    @BeforeEach
    void start() throws IOException {
        journal = LeaseJournal.open(folder.resolve("leases"));
        Leases leases = new Leases(journal, resources.deadlines(), Duration.ofMinutes(10));
        PublicAddress address = new PublicAddress("localhost", PublicUrl.direct(80));
        registry = new Registry(address, new PortRange(20_000, 20_099), side, leases);
    }

    @AfterEach
    void close() {
        journal.close();
        resources.close();
    }

    /// Without sockets, which a test cannot make run out.
    private static final class Side implements PublicSide {
        private boolean exhausted;
        private int claims;
        private Runnable onOpen = () -> {};
        private Runnable onClose = () -> {};

        @Override
        public void open(Tunnel tunnel) {
            Runnable once = onOpen;
            onOpen = () -> {};
            once.run();
        }

        @Override
        public void close(Tunnel tunnel) {
            onClose.run();
        }

        @Override
        public boolean claim(Tunnel tunnel) throws IOException {
            claims++;
            if (exhausted) {
                throw new SocketException("Too many open files");
            }
            return true;
        }
    }

    @Test
    void aServerWithoutFileDescriptorsIsBusyAndLooksAtNoOtherPort() {
        side.exhausted = true;
        assertThatThrownBy(() -> registry.reserve(new Holder(), wish("otter", 0), EdgeOptions.NONE))
                .isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.code()).isEqualTo(RejectCode.BUSY))
                .hasMessage("the server cannot open public port 20000 at the moment: Too many open files");
        assertThat(side.claims).isOne();
        assertThat(registry.tunnels()).isEmpty();
    }

    @Test
    void visitorsOfATunnelWhoseClientIsLostAndComesBackNeverHearThatNobodyHasItsName() throws Exception {
        Holder owner = new Holder();
        Tunnel lost = registry.reserve(owner, wish("otter", 0), EdgeOptions.NONE);
        registry.open(lost);
        List<Route> heard = new ArrayList<>();
        side.onClose = () -> heard.add(registry.route("otter.localhost"));
        registry.releaseLost(lost);
        assertThat(heard).as("while its port is closed").containsOnly(NoRoute.CLIENT_AWAY);

        Tunnel again = registry.reserve(owner, wish("otter", 0), EdgeOptions.NONE);
        assertThat(registry.route("otter.localhost")).as("before it is open").isEqualTo(NoRoute.CLIENT_AWAY);
        registry.open(again);
        assertThat(registry.route("otter.localhost")).isEqualTo(again);
    }

    @Test
    void aTunnelThatIsReleasedWhileItIsOpenedLeavesTheNextOfItsNameInPlace() throws Exception {
        Holder owner = new Holder();
        Tunnel first = registry.reserve(owner, wish("otter", 0), EdgeOptions.NONE);
        Tunnel[] second = new Tunnel[1];
        side.onOpen = () -> {
            registry.release(first);
            try {
                second[0] = registry.reserve(owner, new Bind(
                        2, TunnelProtocol.HTTP, "otter", 0, Options.NONE), EdgeOptions.NONE);
            } catch (RejectedException e) {
                throw new IllegalStateException(e);
            }
            registry.open(second[0]);
        };
        registry.open(first);

        assertThat(registry.route("otter.localhost")).isEqualTo(second[0]);
    }
}
