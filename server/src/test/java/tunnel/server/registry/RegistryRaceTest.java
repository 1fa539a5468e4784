package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.RejectCode;
import tunnel.server.registry.World.Holder;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class RegistryRaceTest {
    private static final int CLIENTS = 24;

    private final List<Tunnel> won = new CopyOnWriteArrayList<>();
    private final List<RejectCode> lost = new CopyOnWriteArrayList<>();

    /// All at the same moment.
    private void reserve(World world, Bind wish) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().name("control-client").start(() -> {
                try {
                    start.await();
                    won.add(world.reserve(new Holder(), wish));
                } catch (RejectedException e) {
                    lost.add(e.code());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        start.countDown();
        for (Thread client : clients) {
            client.join();
        }
    }

    @Test
    void ofManyWhoWantOneNameOneGetsIt() throws Exception {
        try (World world = new World(CLIENTS)) {
            reserve(world, World.wish("otter", 0));

            assertThat(won).hasSize(1);
            assertThat(lost).hasSize(CLIENTS - 1).containsOnly(RejectCode.NAME_TAKEN);
            assertThat(world.registry.tunnels()).isEqualTo(won);
        }
    }

    @Test
    void ofManyWhoWantOnePortOneGetsIt() throws Exception {
        try (World world = new World(1)) {
            reserve(world, World.wish("", world.ports.first()));

            assertThat(won).hasSize(1);
            assertThat(lost).hasSize(CLIENTS - 1).containsOnly(RejectCode.PORT_TAKEN);
        }
    }

    @Test
    void manyWhoTakeAnythingAllGetSomethingElse() throws Exception {
        try (World world = new World(CLIENTS)) {
            reserve(world, World.wish("", 0));

            assertThat(lost).isEmpty();
            assertThat(won.stream().map(Tunnel::port)).hasSize(CLIENTS).doesNotHaveDuplicates();
            assertThat(won.stream().map(Tunnel::name)).hasSize(CLIENTS).doesNotHaveDuplicates();
        }
    }
}
