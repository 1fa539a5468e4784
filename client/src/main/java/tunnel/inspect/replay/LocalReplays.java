package tunnel.inspect.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.Exchange;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.capture.ReplayTap;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.web.Replays;
import tunnel.local.LocalService;
import tunnel.net.Transport;

/// Sends a request to the local service on a connection of its own, and captures it as a visitor's. By the thread of whoever asks.
public final class LocalReplays implements Replays {
    private static final Logger log = LoggerFactory.getLogger(LocalReplays.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long MOST_ANSWER = 64 << 20; // bytes, of which the beginning is kept
    private static final int AT_ONCE = 8;
    private static final int CHUNK = 32 << 10;
    /// For the capture's thread to come to it.
    private static final long CAPTURED_MILLIS = 2000;

    private final Supplier<Capture> capture;
    private final Semaphore running = new Semaphore(AT_ONCE);

    /// @param capture asked for when it is needed
    public LocalReplays(Supplier<Capture> capture) {
        this.capture = capture;
    }

    @Override
    public Sent send(Recorded original, @Nullable Edited edited) throws Refused, InterruptedException {
        ReplayRequest request = ReplayRequest.of(original.detail(), edited);
        LocalService service = original.target().service();
        if (service == null) {
            throw new Refused("Its tunnel is gone.");
        }
        if (!running.tryAcquire()) {
            throw new Refused("Too many requests are being sent again at this moment. Try it later.");
        }
        try {
            Watched watched = new Watched();
            ReplayTap tap = capture.get().replay(original.target(), original.id(), watched::changed);
            if (tap == null) {
                throw new Refused("The client stops.");
            }
            exchange(request, service, tap);
            return new Sent(watched.id(), request.left());
        } finally {
            running.release();
        }
    }

    /// The new exchange, as the capture's thread tells of it.
    private static final class Watched {
        private final CompletableFuture<Recorded> over = new CompletableFuture<>();

        void changed(Recorded now) {
            if (now.exchange().state() != Exchange.State.RUNNING) {
                over.complete(now);
            }
        }

        long id() throws Refused, InterruptedException {
            try {
                return over.get(CAPTURED_MILLIS, TimeUnit.MILLISECONDS).id();
            } catch (TimeoutException | ExecutionException e) {
                throw new Refused("It was sent, but its answer could not be captured.");
            }
        }
    }

    private static void exchange(ReplayRequest request, LocalService service, ReplayTap tap) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        tap.fromVisitor(ByteBuffer.wrap(request.bytes()));
        try (Transport local = service.dial(() -> {}, () -> System.nanoTime() < end)) {
            Thread clock = Thread.ofVirtual().name("replay-clock").start(() -> endAt(end, local, tap));
            Thread writer = Thread.ofVirtual().name("replay-up").start(() -> write(request, local));
            try {
                read(local, tap);
            } finally {
                clock.interrupt();
                local.reset(); // whoever still writes is woken by it
                writer.join();
                clock.join();
            }
        } catch (IOException e) {
            tap.failed("cannot reach " + service.local() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tap.ended(false);
        }
    }

    private static void endAt(long end, Transport local, ReplayTap tap) {
        try {
            Thread.sleep(Duration.ofNanos(end - System.nanoTime()));
            tap.failed("no whole answer in 30 s");
            local.reset();
        } catch (InterruptedException e) {
            // it is over
        }
    }

    private static void write(ReplayRequest request, Transport local) {
        try {
            local.write(ByteBuffer.wrap(request.bytes()));
        } catch (IOException e) {
            log.debug("a request that was sent again was not taken whole: {}", e.getMessage());
        }
    }

    private static void read(Transport local, ReplayTap tap) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        long passed = 0;
        try {
            for (int read = local.read(buffer); read >= 0; read = local.read(buffer.clear())) {
                passed += read;
                tap.fromLocal(buffer.flip());
                if (tap.isAnswered()) {
                    return;
                }
                if (passed > MOST_ANSWER) {
                    tap.failed("its answer is larger than 64 MiB");
                    return;
                }
            }
            tap.localEnded();
        } catch (IOException e) {
            tap.failed("the local service broke off: " + e.getMessage());
        }
    }
}
