package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.ClosedPort;
import tunnel.fixture.LeakCheck;
import tunnel.server.TunnelServer;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class VisitorTcpTest {
    @Test
    void serviceThatSpeaksFirstIsHeardBeforeTheVisitorSaysAWord() throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    visitor.send("220 ready\r\n");
                    visitor.send("250 " + visitor.line() + "\r\n");
                })) {
            World.Client client = world.tcp(world.server(), origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                assertThat(visitor.line()).isEqualTo("220 ready");
                visitor.send("HELO\r\n");
                assertThat(visitor.line()).isEqualTo("250 HELO");
                assertThat(visitor.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void singleBytesArriveOneByOne() throws Exception {
        try (World world = new World();
                Origin echo = Origin.echo()) {
            World.Client client = world.tcp(world.server(), echo.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                for (int i = 0; i < 1000; i++) {
                    visitor.send(new byte[] {(byte) i});
                    assertThat(visitor.read()).isEqualTo(i & 0xFF);
                }
                for (int i = 0; i < 1000; i++) {
                    visitor.send(new byte[] {(byte) i});
                }
                visitor.end();
                byte[] all = visitor.readAll();
                assertThat(all).hasSize(1000);
                for (int i = 0; i < 1000; i++) {
                    assertThat(all[i]).isEqualTo((byte) i);
                }
            }
        }
    }

    @Test
    void visitorWhoSaysNothingAndLeavesIsSeenToLeave() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> got.complete(visitor.readAll().length))) {
            World.Client client = world.tcp(world.server(), origin.port());
            Peer.visiting(client.port()).close();

            assertThat(got.get(20, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void visitorOfTheHttpEdgeWhoSaysNothingAndLeavesLeavesNothingBehind() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            for (int i = 0; i < 20; i++) {
                Peer.visiting(server.httpPort()).close();
            }
            try (Peer visitor = Peer.visiting(server.httpPort())) {
                assertThat(visitor.end().readAll()).isEmpty();
            }
        }
    }

    @Test
    void visitorOfAServiceThatIsDownSeesAReset() throws Exception {
        try (World world = new World();
                ClosedPort down = new ClosedPort()) {
            World.Client client = world.tcp(world.server(), down.number());
            for (int i = 0; i < 20; i++) {
                try (Peer visitor = Peer.visiting(client.port())) {
                    assertThat(visitor.seesReset()).isTrue();
                }
                try (Peer visitor = Peer.visiting(client.port())) {
                    assertThat(visitor.end().seesReset()).isTrue();
                }
            }
        }
    }

    @Test
    void visitorWhoBreaksOffWhileTheLocalServiceIsSlowToAcceptIsSeenToBreakOff() throws Exception {
        try (World world = new World();
                ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> crowd = new ArrayList<>();
            for (int i = 0; i < 2; i++) { // as many as wait in the kernel; who comes after them has to try again
                crowd.add(world.closing(new Socket(InetAddress.getLoopbackAddress(), slow.getLocalPort())));
            }
            World.Client client = world.tcp(world.server(), slow.getLocalPort());
            Peer leaves = Peer.visiting(client.port());
            leaves.send("never mind");
            leaves.reset();
            for (Socket _ : crowd) {
                slow.accept().close();
            }

            try (Peer arrived = new Peer(slow.accept())) {
                assertThat(arrived.seesReset()).isTrue();
            }
            try (Peer visitor = Peer.visiting(client.port());
                    Peer arrived = new Peer(slow.accept())) {
                arrived.send("hello").end();
                assertThat(visitor.readAll()).asString().isEqualTo("hello");
            }
        }
    }

    @Test
    void visitorWhoDoesNotReadDisturbsNoOther() throws Exception {
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    if (visitor.read() == 'E') {
                        Origin.echo(visitor);
                    } else {
                        visitor.send(new byte[64 << 20]);
                    }
                })) {
            World.Client client = world.tcp(world.server(), origin.port());
            try (Peer slow = Peer.visiting(client.port())) {
                slow.send("D");
                assertThat(slow.read()).isZero();
                for (int i = 0; i < 50; i++) {
                    try (Peer visitor = Peer.visiting(client.port())) {
                        visitor.send("Ehello " + i).end();
                        assertThat(visitor.readAll()).asString().isEqualTo("hello " + i);
                    }
                }
                assertThat(count(slow)).isEqualTo((64 << 20) - 1);
            }
        }
    }

    private static long count(Peer peer) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long count = 0;
        for (int read = peer.read(buffer); read >= 0; read = peer.read(buffer)) {
            count += read;
        }
        return count;
    }
}
