package tunnel.inspect.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tunnel.events.Exchange;
import tunnel.inspect.json.ExchangeJson;
import tunnel.inspect.json.Json;

/// One page that listens. What it has not been sent yet is merged: of each exchange the newest state, and where a page cannot keep
/// up the oldest go. Its own thread sends, in turns.
final class EventReader {
    /// Ten turns a second and so many events in each: at most 200 a second.
    private static final Duration TURN = Duration.ofMillis(100);
    private static final int EVENTS_A_TURN = 20;
    /// What waits: two seconds' worth.
    private static final int MOST_WAITING = 400;
    /// Something now and then, or nobody notices that a page is gone.
    private static final long STILL_HERE_SECONDS = 15;

    private final ClientStatus client;
    private final ReentrantLock lock = new ReentrantLock(); // for all below, for the time of an assignment
    private final Condition some = lock.newCondition();

    @GuardedBy("lock")
    private final Map<Long, Exchange> waiting = new LinkedHashMap<>();

    @GuardedBy("lock")
    private boolean missed; // more of them

    @GuardedBy("lock")
    private long skipped;

    @GuardedBy("lock")
    private boolean statusChanged = true; // what it is told first

    @GuardedBy("lock")
    private boolean cleared;

    private long number; // of events; the sending thread only

    EventReader(ClientStatus client) {
        this.client = client;
    }

    void exchange(Exchange exchange) {
        lock.lock();
        try {
            waiting.put(exchange.id(), exchange);
            if (waiting.size() > MOST_WAITING) {
                Iterator<Long> oldest = waiting.keySet().iterator();
                oldest.next();
                oldest.remove();
                skipped++;
            }
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void missed() {
        lock.lock();
        try {
            missed = true;
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void status() {
        lock.lock();
        try {
            statusChanged = true;
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void cleared() {
        lock.lock();
        try {
            waiting.clear();
            cleared = true;
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Sends until the page is gone, or does not read.
    ///
    /// @param bounded runs a write, and ends it where it takes too long
    void send(OutputStream out, Bounded bounded) throws IOException, InterruptedException {
        while (true) {
            byte[] turn = turn();
            bounded.run(() -> {
                out.write(turn);
                out.flush();
            });
            Thread.sleep(TURN);
        }
    }

    /// Runs something that may block.
    interface Bounded {
        void run(Writing writing) throws IOException;
    }

    /// Writes something.
    interface Writing {
        void run() throws IOException;
    }

    private byte[] turn() throws InterruptedException {
        List<Exchange> exchanges = new ArrayList<>();
        boolean missedNow;
        long skippedNow;
        boolean statusNow;
        boolean clearedNow;
        lock.lockInterruptibly();
        try {
            long patience = TimeUnit.SECONDS.toNanos(STILL_HERE_SECONDS);
            while (!hasNews() && patience > 0) {
                patience = some.awaitNanos(patience);
            }
            Iterator<Exchange> next = waiting.values().iterator();
            while (next.hasNext() && exchanges.size() < EVENTS_A_TURN) {
                exchanges.add(next.next());
                next.remove();
            }
            missedNow = missed;
            skippedNow = skipped;
            statusNow = statusChanged;
            clearedNow = cleared;
            missed = false;
            skipped = 0;
            statusChanged = false;
            cleared = false;
        } finally {
            lock.unlock();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (clearedNow) {
            event(out, "cleared", "{}");
        }
        if (statusNow) {
            event(out, "status", Json.text(client::write));
        }
        for (Exchange one : exchanges) {
            event(out, "exchange", Json.text(json -> ExchangeJson.write(json, one)));
        }
        if (missedNow) {
            event(out, "missed", "{\"missed\":" + client.missed() + "}");
        }
        if (skippedNow > 0) {
            event(out, "skipped", "{\"skipped\":" + skippedNow + "}");
        }
        if (out.size() == 0) {
            out.writeBytes(": still here\n\n".getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    @GuardedBy("lock")
    private boolean hasNews() {
        return !waiting.isEmpty() || missed || skipped > 0 || statusChanged || cleared;
    }

    /// JSON has no line ends.
    private void event(ByteArrayOutputStream out, String name, String data) {
        out.writeBytes(("id: " + ++number + "\nevent: " + name + "\ndata: " + data + "\n\n").getBytes(UTF_8));
    }
}
