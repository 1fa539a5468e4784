package tunnel.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents.Shown;
import tunnel.events.ClientSnapshot.Phase;
import tunnel.events.ClientSnapshot.Stage;
import tunnel.events.ClientSnapshot.Traffic;
import tunnel.events.Exchange.Kind;
import tunnel.events.Exchange.State;
import tunnel.protocol.TunnelProtocol;

class ClientModelTest {
    private static final Shown SHOP =
            new Shown(1, "", TunnelProtocol.HTTP, "http://localhost:4000", List.of("http://shop.example.com"));
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private Instant now = START;
    private final ClientModel model = new ClientModel("example.com:7000", () -> now);

    private static Exchange exchange(long id, State state, long micros) {
        return exchange(id, Kind.HTTP, state, micros);
    }

    private static Exchange exchange(long id, Kind kind, State state, long micros) {
        return new Exchange(
                id, "shop", START, "203.0.113.9", kind, "GET", "shop.example.com", "/", 200, state, null, micros, 0, 5, "", 0);
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void aSessionComesGoesAndComesAgain() {
        model.unreachable("cannot reach it.");
        model.retrying(Duration.ofSeconds(3));
        assertThat(model.snapshot().session())
                .isEqualTo(new ClientSnapshot.Session(
                        Phase.CONNECTING, "example.com:7000", START, "cannot reach it.", START.plusSeconds(3), null));

        pass(5);
        model.online();
        model.roundTrip(Duration.ofMillis(20));
        assertThat(model.snapshot().session())
                .isEqualTo(new ClientSnapshot.Session(
                        Phase.ONLINE, "example.com:7000", now, "", null, Duration.ofMillis(20)));

        pass(5);
        model.lost("it went.");
        Instant lost = now;
        pass(5);
        model.unreachable("not there.");
        assertThat(model.snapshot().session())
                .isEqualTo(new ClientSnapshot.Session(
                        Phase.RECONNECTING, "example.com:7000", lost, "not there.", null, null));
    }

    @Test
    void aServerThatHandsOverWasNeverAway() {
        model.online();
        pass(5);
        model.retrying(Duration.ofSeconds(1));
        model.unreachable("the successor is not there yet.");
        model.online();

        assertThat(model.snapshot().session())
                .isEqualTo(new ClientSnapshot.Session(Phase.ONLINE, "example.com:7000", START, "", null, null));
    }

    @Test
    void aTunnelKeepsWhatIsKnownOfItsLocalService() {
        model.localDown(SHOP, "cannot reach localhost:4000.");
        model.ready(SHOP);
        assertThat(model.snapshot().tunnels())
                .containsExactly(new ClientSnapshot.Tunnel(SHOP, Stage.READY, "", "cannot reach localhost:4000."));

        model.localUp(SHOP);
        model.refused(SHOP, "the name is taken.");
        assertThat(model.snapshot().tunnels())
                .containsExactly(new ClientSnapshot.Tunnel(SHOP, Stage.REFUSED, "the name is taken.", ""));

        model.removed(SHOP);
        assertThat(model.snapshot().tunnels()).isEmpty();
    }

    @Test
    void exchangesAreCountedOnceAndRatesForgetThem() {
        model.exchange(exchange(1, State.RUNNING, 10));
        model.exchange(exchange(1, State.RUNNING, 20));
        model.exchange(exchange(2, State.COMPLETE, 5000)); // its begin was not looked at
        assertThat(model.snapshot().traffic()).isEqualTo(new Traffic(2, 1, 0, 0, 2, 2, 5000, 5000));

        pass(60);
        model.exchange(exchange(1, State.FAILED, 30));
        model.exchange(exchange(1, State.FAILED, 30));
        model.exchangesMissed(3);
        assertThat(model.snapshot().traffic()).isEqualTo(new Traffic(5, 0, 3, 1, 3, 5, 5000, 5000));

        pass(240);
        assertThat(model.snapshot().traffic()).isEqualTo(new Traffic(5, 0, 3, 1, 0, 3, 0, 0));
        pass(1_000_000);
        assertThat(model.snapshot().traffic()).isEqualTo(new Traffic(5, 0, 3, 1, 0, 0, 0, 0));
    }

    @Test
    void aClockThatIsSetBackLosesNothing() {
        pass(100);
        model.exchange(exchange(1, State.COMPLETE, 10));
        pass(-50);
        model.exchange(exchange(2, State.COMPLETE, 10));

        assertThat(model.snapshot().traffic().lastMinute()).isEqualTo(2);
    }

    @Test
    void percentilesAreOfTheLastThousandAnswersAndOfNothingThatStaysOpen() {
        for (int i = 1; i <= 1000; i++) {
            model.exchange(exchange(i, State.COMPLETE, 1_000_000));
        }
        for (int i = 1; i <= 1000; i++) {
            model.exchange(exchange(1000 + i, State.COMPLETE, i));
        }
        model.exchange(exchange(3000, Kind.WEBSOCKET, State.COMPLETE, 3_600_000_000L));

        assertThat(model.snapshot().traffic().p50Micros()).isEqualTo(500);
        assertThat(model.snapshot().traffic().p90Micros()).isEqualTo(900);
    }

    @Test
    void theLastExchangesAreThereAsTheyAreByNowTheNewestFirst() {
        for (int i = 1; i <= 150; i++) {
            model.exchange(exchange(i, State.RUNNING, 0));
        }
        model.exchange(exchange(149, State.COMPLETE, 7));
        model.exchange(exchange(1, State.COMPLETE, 7));

        List<Exchange> recent = model.snapshot().recent();
        assertThat(recent).hasSize(100).startsWith(exchange(150, State.RUNNING, 0), exchange(149, State.COMPLETE, 7));
        assertThat(recent.getLast().id()).isEqualTo(51);
        assertThat(model.snapshot().traffic().open()).isEqualTo(148);
    }

    @Test
    void whoWatchesHearsOfEachChange() {
        List<Phase> seen = new ArrayList<>();
        model.onChange(() -> seen.add(model.snapshot().session().phase()));
        model.online();
        model.lost("it went.");

        assertThat(seen).containsExactly(Phase.ONLINE, Phase.RECONNECTING);
    }

    @Test
    void aTunnelThatWasRemovedDoesNotComeBack() {
        model.ready(SHOP);
        model.removed(SHOP);
        model.ready(SHOP);
        model.localDown(SHOP, "cannot reach localhost:4000.");

        assertThat(model.snapshot().tunnels()).isEmpty();
    }
}
