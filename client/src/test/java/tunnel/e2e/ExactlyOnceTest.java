package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;

/// Data channels die under visitors' requests: each request reaches the local service once or not at all.
@ExtendWith(LeakCheck.class)
class ExactlyOnceTest {
    @Test
    void aRequestWhoseOpenWasLostRunsOnAnotherChannel() throws Exception {
        try (Scene scene = Scene.start(Quick.oneIdle())) {
            Link.Wire only = scene.link().data().getFirst();
            only.freezeDown();

            assertThat(scene.visit("/late")).isEqualTo(new Visit(200, "hello /late"));
            assertThat(scene.origin().executions("/late")).isOne();

            only.thaw(); // now Open arrives here too, and must not be acted on
            await().atMost(World.PATIENCE).until(() -> !only.isOpen());
            assertThat(scene.visit("/next").status()).isEqualTo(200);
            assertThat(scene.origin().executions("/late")).isOne();
        }
    }

    @Test
    void aRequestWhoseChannelIsCutBeforeOpenArrivesRunsOnAnotherAtOnce() throws Exception {
        try (Scene scene = Scene.start(Quick.oneIdle(), true)) {
            Link.Wire only = scene.link().data().getFirst();
            only.freezeDown();

            try (LogLines log = new LogLines(Level.DEBUG)) {
                CompletableFuture<Visit> visit = CompletableFuture.supplyAsync(() -> scene.visit("/cut"));
                only.awaitHeldDown();
                only.reset();

                assertThat(visit.get()).isEqualTo(new Visit(200, "hello /cut"));
                assertThat(log.with("lost its data channel before Accepted")).hasSize(1);
            }
            assertThat(scene.origin().executions("/cut")).isOne();
        }
    }

    @Test
    void aRequestThatTheClientActedOnIsNotRepeatedWhenAcceptedIsLost() throws Exception {
        try (Scene scene = Scene.start(Quick.oneIdle(), true)) {
            Link.Wire only = scene.link().data().getFirst();
            only.awaitPassedUp(); // DataInit
            only.freezeUp();

            Link.Wire control = scene.link().control();
            control.freezeUp(); // or the client could tell there, before the repeat comes, that the first attempt broke

            try (LogLines log = new LogLines(Level.DEBUG)) {
                assertThat(scene.visit("/once").status()).isEqualTo(502);
                await().atMost(World.PATIENCE).until(() -> log.with(": REPEATED").size() == 1);
            }
            control.thaw();
            assertThat(scene.origin().executions("/once")).isOne();
            assertThat(scene.visit("/next").status()).isEqualTo(200);
        }
    }

    @Test
    void hundredsOfRequestsRunAtMostOnceWhileChannelsDieAtRandom() throws Exception {
        try (Scene scene = Scene.start(Quick.limits())) {
            int visits = 400;
            List<Future<Visit>> answers = new ArrayList<>();
            try (ExecutorService visitors = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < visits; i++) {
                    String path = "/" + i;
                    answers.add(visitors.submit(() -> scene.post(path))); // a GET may be repeated
                }
                breakChannelsUntil(scene.link(), answers.getLast());
            }

            int served = 0;
            for (int i = 0; i < visits; i++) {
                int executions = scene.origin().executions("/" + i);
                int status = answers.get(i).get().status();
                assertThat(executions).as("executions of request %d, answered with %d", i, status).isLessThanOrEqualTo(1);
                assertThat(status == 200 && executions == 0).as("request %d answered but not executed", i).isFalse();
                served += status == 200 ? 1 : 0;
            }
            assertThat(served).as("requests that were served all the same").isGreaterThan(visits / 2);
            assertThat(scene.client().end()).isNotDone();
        }
    }

    /// Each time a few more streams have begun, one of the data channels is hurt in one of the ways in which they die.
    private void breakChannelsUntil(Link link, Future<?> done) throws IOException, InterruptedException {
        Random random = new Random(20);
        while (!done.isDone()) {
            List<Link.Wire> data = link.data();
            if (!data.isEmpty()) {
                Link.Wire one = data.get(random.nextInt(data.size()));
                switch (random.nextInt(5)) {
                    case 0 -> one.cut();
                    case 1 -> one.reset();
                    case 2 -> one.freezeUp();
                    case 3 -> one.freezeDown();
                    default -> one.freeze();
                }
                // a busy channel is not pinged: its visitor would wait for as long as the network is away
                CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(one::cut);
            }
            pause(done, 1 + random.nextInt(10));
        }
    }

    private static void pause(Future<?> unlessDone, int millis) throws InterruptedException {
        try {
            var _ = unlessDone.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // go on
        }
    }
}
