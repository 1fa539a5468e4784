package tunnel.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;

/// Rows of the table in seconds, for every build, where no other test shows the same.
@Timeout(60)
class ShortRowsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Cast cast;

    @BeforeAll
    static void start() throws IOException {
        cast = Cast.start("--max-visitors-per-address", "9999");
    }

    @AfterAll
    static void stop() throws IOException {
        cast.close();
    }

    private static boolean serves(int port, String host) {
        try {
            return Asker.once(port, host, "/").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aTenantsParkedDataChannelsDoNotDelayOthers() throws Exception {
        int parked = 100;
        try (Swarm swarm = new Swarm()) {
            for (int i = 0; i < parked; i++) {
                swarm.connect(cast.server().httpPort(), 20, 200, 0);
                swarm.send(i, "GET /never HTTP/1.1\r\nHost: " + Cast.VICTIM + "\r\n\r\n");
            }
            await().atMost(PATIENCE).until(() -> cast.app().waiting() > parked / 2);
            for (int i = 0; i < 50; i++) {
                assertThat(serves(cast.server().httpPort(), Cast.INNOCENT)).isTrue();
            }
        }
    }

    @Test
    void aStoppedClientsVisitorsHearSoInTimeAndAreServedWhenItGoesOn() throws Exception {
        RunningProgram client = cast.programs().client("--local", "" + cast.app().port(), "--name", "stopped");
        client.signal("STOP");
        try {
            int port = cast.server().httpPort();
            long began = System.nanoTime();
            List<CompletableFuture<Integer>> visits = IntStream.range(0, 20)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> status(port), Thread.ofVirtual()::start))
                    .toList();
            assertThat(visits).allMatch(visit -> visit.join() == 504);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
        } finally {
            client.signal("CONT");
        }
        await().atMost(PATIENCE).until(() -> serves(cast.server().httpPort(), "stopped.localhost"));
    }

    private static int status(int port) {
        try {
            return Asker.once(port, "stopped.localhost", "/").status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void streamsThatCameAndWentLeaveNoDescriptor() throws Exception {
        for (int i = 0; i < 1000; i++) {
            assertThat(Asker.once(cast.server().httpPort(), Cast.INNOCENT, "/close").status()).isEqualTo(200);
        }
        long before = Vitals.of(cast.pid()).descriptors();
        for (int i = 0; i < 1000; i++) {
            assertThat(Asker.once(cast.server().httpPort(), Cast.INNOCENT, "/close").status()).isEqualTo(200);
        }
        await().atMost(PATIENCE).until(() -> Vitals.of(cast.pid()).descriptors() <= before + 5);
    }

    @Test
    void twentyClientsOfAServerThatWasKilledAreBackUnderTheirNames() throws Exception {
        int clients = 20;
        List<LightClient> all = new ArrayList<>();
        try (Programs programs = new Programs();
                App app = programs.closing(new App())) {
            Programs.Server server = programs.server("--access-log", "off");
            for (int i = 0; i < clients; i++) {
                all.add(programs.closing(
                        new LightClient(Joins.read(programs.serverState().resolve("join")), "c" + i, app.port())));
            }
            all.forEach(LightClient::awaitAddress);
            server.program().kill();
            programs.server(
                    "--access-log", "off", "--control-port", "" + server.controlPort(), "--http-port", "" + server.httpPort());
            await().atMost(PATIENCE)
                    .until(() -> IntStream.range(0, clients).allMatch(i -> serves(server.httpPort(), "c" + i + ".localhost")));
            assertThat(all).allMatch(client -> client.lines() == 2);
        }
    }

    @Test
    void aClockThatJumpsEndsNothing() throws Exception {
        assertThat(JumpingClock.errors(3, Duration.ofMillis(100))).isZero();
    }
}
