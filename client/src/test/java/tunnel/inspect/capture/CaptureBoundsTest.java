package tunnel.inspect.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents;
import tunnel.events.Exchange;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.LocalTarget;
import tunnel.inspect.store.Store;
import tunnel.local.LocalService;

class CaptureBoundsTest {
    private static final String REQUEST = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n";

    private static String response(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    /// The capture's thread is held fast by whoever it tells, which is the worst that can befall it.
    @Test
    void aStalledCaptureDelaysNobodyHoldsLittleAndGoesOnAfterwards() {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ClientEvents stalling = new ClientEvents() {
            @Override
            public void exchange(Exchange exchange) {
                stalled.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Capture.Limits limits = new Capture.Limits(1 << 20, 100_000, 100_000, 1 << 30, 1 << 30);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, limits, Store.Bounds.DEFAULT, stalling)) {
            scene.exchange(REQUEST, response(10));
            await().until(() -> stalled.getCount() == 0);
            String large = response(100_000);
            long began = System.nanoTime();
            for (int i = 0; i < 2000; i++) {
                scene.exchange(REQUEST, large); // 200 MB
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            go.countDown();

            assertThat(took).isLessThan(Duration.ofSeconds(10));
            await().atMost(CaptureScene.PATIENCE).until(() -> scene.missed() > 1000);
            assertThat(scene.told().size() + scene.missed()).isBetween(2001L, 2020L); // a request without its response is both
            scene.exchange("GET /after HTTP/1.1\r\nHost: a.example\r\n\r\n", response(5));
            await().atMost(CaptureScene.PATIENCE)
                    .until(() -> scene.told().values().stream().anyMatch(one -> one.path().equals("/after") && one.status() == 200));
        }
    }

    @Test
    void beyondTheirAllowanceExchangesAreCountedAndTheFollowingOnesCaptured() {
        Capture.Limits few = new Capture.Limits(1 << 20, 3, 2, 1 << 20, 1 << 20);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, few, Store.Bounds.DEFAULT)) {
            StreamTap tap = scene.stream();
            for (int i = 0; i < 10; i++) {
                tap.fromVisitor(CaptureScene.bytes(REQUEST));
                tap.fromLocal(CaptureScene.bytes(response(20)));
            }
            scene.over(3);
            await().atMost(CaptureScene.PATIENCE).until(() -> scene.missed() == 7);
            await().atMost(CaptureScene.PATIENCE).until(() -> { // on the same connection, once there is an allowance again
                tap.fromVisitor(CaptureScene.bytes("GET /again HTTP/1.1\r\nHost: a.example\r\n\r\n"));
                tap.fromLocal(CaptureScene.bytes(response(20)));
                return scene.told().values().stream().anyMatch(one -> one.path().equals("/again") && one.status() == 200);
            });
        }
    }

    @Test
    void beyondTheirAllowanceBodiesAreCutOffAndCounted() {
        Capture.Limits few = new Capture.Limits(1 << 20, 100, 1, 1000, 1);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, few, Store.Bounds.DEFAULT)) {
            scene.exchange(REQUEST, response(2000)).exchange(REQUEST, response(2000));

            assertThat(CaptureScene.response(scene.over(1)).body().kept()).hasSize(2000);
            assertThat(CaptureScene.response(scene.over(2)).body().kept()).isEmpty();
            assertThat(CaptureScene.response(scene.over(2)).body().truncated()).isTrue();
            assertThat(scene.over(2).exchange().responseBytes()).isEqualTo(2000);
            assertThat(scene.over(2).exchange().state()).isEqualTo(Exchange.State.COMPLETE);
        }
    }

    @Test
    void theOldestMakeRoomInBytesAndInNumber() {
        try (CaptureScene scene = new CaptureScene(
                Capture.Mode.FULL, Capture.Limits.DEFAULT, new Store.Bounds(256 << 10, 1 << 20, 1000))) {
            for (int i = 0; i < 30; i++) {
                scene.exchange(REQUEST, response(100_000));
            }
            await().atMost(CaptureScene.PATIENCE).until(() -> scene.told().size() == 30);
            scene.over(30);

            Store.Count count = scene.store().count();
            assertThat(count.used()).isLessThanOrEqualTo(1 << 20);
            assertThat(count.kept()).isEqualTo(10);
            assertThat(count.dropped()).isEqualTo(20);
            assertThat(scene.store().get(20)).isNull();
            assertThat(CaptureScene.response(scene.detail(21)).body().kept()).hasSize(100_000);
        }
        try (CaptureScene scene = new CaptureScene(
                Capture.Mode.FULL, Capture.Limits.DEFAULT, new Store.Bounds(256 << 10, 1 << 20, 5))) {
            for (int i = 0; i < 8; i++) {
                scene.exchange(REQUEST, response(10));
            }
            scene.over(8);
            assertThat(scene.store().before(0)).hasSize(5);
        }
    }

    @Test
    void aFaultOfWhoeverIsToldEndsNothing() {
        AtomicBoolean thrown = new AtomicBoolean();
        ClientEvents faulty = new ClientEvents() {
            @Override
            public void exchange(Exchange exchange) {
                throw new IllegalStateException("a test's");
            }

            @Override
            public void exchangesMissed(long count) {
                thrown.set(true);
                throw new IllegalStateException("a test's");
            }
        };
        Capture.Limits few = new Capture.Limits(1 << 20, 1, 100, 1 << 20, 1 << 20);
        try (CaptureScene scene = new CaptureScene(Capture.Mode.FULL, few, Store.Bounds.DEFAULT, faulty)) {
            scene.exchange(REQUEST, response(10)).exchange(REQUEST, response(10)).over(1);
            await().atMost(CaptureScene.PATIENCE).until(thrown::get);
            await().atMost(CaptureScene.PATIENCE).until(() -> {
                scene.exchange(REQUEST, response(10));
                return scene.told().size() > 1;
            });
        }
    }

    @Test
    void anExchangeWithAFaultIsFailedAndItsBodiesWithheld() {
        AtomicInteger asked = new AtomicInteger();
        LocalTarget faulty = new LocalTarget() {
            @Override
            public String shownName() {
                if (asked.incrementAndGet() == 1) {
                    throw new IllegalStateException("a test's");
                }
                return "web";
            }

            @Override
            public @Nullable LocalService service() {
                return null;
            }
        };
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.capture().tap(faulty, true, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 0, () -> false);
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromLocal(CaptureScene.bytes(response(10)));

            Detail detail = scene.over(1);
            assertThat(detail.exchange().failure()).contains("fault of the inspector");
            assertThat(detail.request().body().withheld()).isEqualTo("it could not be masked");
        }
    }

    @Test
    void anExchangeWhoseResponseWasLostEndsWithTheNextRequest() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            tap.fromVisitor(CaptureScene.bytes(REQUEST));

            assertThat(scene.over(1).exchange().state()).isEqualTo(Exchange.State.FAILED);
        }
    }

    @Test
    void anExchangesTextsAreCounted() {
        try (CaptureScene scene = new CaptureScene()) {
            scene.exchange(REQUEST, response(10)).over(1);
            long before = scene.store().count().used();
            scene.exchange(REQUEST.replace("/a", "/" + "a".repeat(1001)), response(10)).over(2);

            assertThat(scene.store().count().used()).isEqualTo(2 * before + 2 * 1000); // in the head, and by itself
        }
    }

    @Test
    void whatIsForgottenStaysAway() {
        try (CaptureScene scene = new CaptureScene()) {
            StreamTap tap = scene.stream();
            tap.fromVisitor(CaptureScene.bytes(REQUEST));
            await().atMost(CaptureScene.PATIENCE).until(() -> scene.store().get(1) != null);
            scene.store().clear();
            tap.fromLocal(CaptureScene.bytes(response(5)));
            scene.exchange(REQUEST, response(6)).over(2);

            assertThat(scene.store().get(1)).isNull();
            assertThat(scene.store().before(0)).hasSize(1);
        }
    }
}
