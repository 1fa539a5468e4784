package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tunnel.e2e.HttpAnswer;
import tunnel.e2e.Peer;

/// Many requests while the page is open.
@Tag("browser")
class InspectorLoadIT {
    private static final int REQUESTS = 10_000;
    private static final int VISITORS = 8;

    @Test
    void tenThousandRequestsSlowNeitherThePageNorTheTunnel() throws Exception {
        try (Inspection inspection = new Inspection()) {
            Page page = inspection.page();
            inspection.browser().get("about:blank");
            requests(inspection, REQUESTS / 10); // warm
            Duration alone = requests(inspection, REQUESTS / 10);
            page.open(inspection.address());
            int slowest = 0;
            Duration watched;
            try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
                var running = beside.submit(() -> requests(inspection, REQUESTS));
                while (!running.isDone()) {
                    slowest = Math.max(slowest, click(page));
                    assertThat(page.number("document.querySelectorAll('.row').length")).isLessThan(80);
                }
                watched = running.get();
            }
            long all = REQUESTS * 12L / 10;
            assertRow(page, 1, all);
            assertRow(page, REQUESTS, all - REQUESTS + 1); // what events left out is there too
            assertThat(page.number("document.querySelectorAll('*').length")).isLessThan(2_000);
            assertThat(slowest).as("ms for a click").isLessThan(2_000);
            assertThat(click(page)).as("ms for a click after it").isLessThan(1_000);
            assertThat(watched.dividedBy(REQUESTS)).as("a request, %s for a tenth of them alone", alone)
                    .isLessThan(alone.dividedBy(REQUESTS / 10).multipliedBy(3).plusMillis(1));
            assertThat(page.complaints()).isEmpty();
        }
    }

    /// Scrolls to a place in the list, where an exchange must come to stand.
    private static void assertRow(Page page, int place, long id) {
        Page.await(id + " at " + place).untilAsserted(() -> {
            page.run("const list = document.querySelector('#list'); list.scrollTop = (arguments[0] - 3) * document.querySelector('.row').offsetHeight",
                    place);
            assertThat(page.string("return document.querySelector(`.row[aria-posinset=\"${arguments[0]}\"]`)?.dataset.id", place)).isEqualTo("" + id);
        });
    }

    /// @return milliseconds until the page shows what was clicked
    private static int click(Page page) {
        return Math.toIntExact(page.number("""
                new Promise(done => {
                  const row = document.querySelector('.row');
                  const start = performance.now();
                  if (!row) { done(0); return; }
                  row.click();
                  const look = () => {
                    if (document.querySelector('#detail-id').textContent === '#' + row.dataset.id) done(Math.round(performance.now() - start));
                    else requestAnimationFrame(look);
                  };
                  look();
                })"""));
    }

    private static Duration requests(Inspection inspection, int count) throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        long start = System.nanoTime();
        try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < VISITORS; i++) {
                var _ = visitors.submit(() -> {
                    try (Peer visitor = Peer.visiting(inspection.port())) {
                        while (left.getAndDecrement() > 0) {
                            assertThat(HttpAnswer.read(visitor.send(HttpAnswer.get("localhost", "/load"))).status()).isEqualTo(200);
                        }
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        }
        assertThat(left.get()).isNegative();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
