package tunnel.inspect.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.ClientEvents;
import tunnel.inspect.mask.Bodies;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Store;

/// Makes exchanges of notes: puts them into the store and tells those who show them. The capture's thread only.
final class Recorder {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    /// Between two words about an exchange that goes on.
    private static final long PROGRESS_NANOS = Duration.ofMillis(250).toNanos();
    /// Of bodies that have not come to their end, in all exchanges; those of the others are in the store.
    private static final long MOST_PENDING = Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 16);

    private final Masks masks;
    private final Store store;
    private final ClientEvents told;
    private final Bodies bodies;

    private final Set<Recording> open = new LinkedHashSet<>();
    private final Set<Recording> changed = new LinkedHashSet<>(); // since the last word about it
    private long ids;
    private long pending; // bytes of bodies
    private long progressAt = System.nanoTime();

    // the clock on the wall, for all exchanges of one look: nanoTime stands still while a computer sleeps
    private Instant wall = Instant.now();
    private long wallNanos = System.nanoTime();

    Recorder(Masks masks, Store store, ClientEvents told) {
        this.masks = masks;
        this.store = store;
        this.told = told;
        this.bodies = new Bodies(masks, store.bounds().body());
    }

    Masks masks() {
        return masks;
    }

    Bodies bodies() {
        return bodies;
    }

    /// Whether nothing is under way.
    boolean isQuiet() {
        return open.isEmpty();
    }

    /// Whether there is room for so many bytes of bodies that go on.
    boolean hasRoom(int bytes) {
        return pending + bytes <= MOST_PENDING;
    }

    void reserve(int bytes) {
        pending += bytes;
    }

    void release(long bytes) {
        pending -= bytes;
    }

    /// A look at the queue begins.
    void begin() {
        wall = Instant.now();
        wallNanos = System.nanoTime();
    }

    Instant wall(long nanos) {
        return wall.plusNanos(nanos - wallNanos);
    }

    void take(Note note) {
        try {
            Recording recording = recording(note.flight());
            if (!recording.isOver()) {
                recording.take(note);
                changed.add(recording);
            }
        } catch (RuntimeException e) {
            log.error("an exchange could not be recorded", e);
            Recording recording = note.flight().recording;
            if (recording != null) {
                recording.fail();
                changed.add(recording);
            }
        }
    }

    private Recording recording(Flight flight) {
        Recording known = flight.recording;
        if (known != null) {
            return known;
        }
        Recording begun = new Recording(++ids, flight, this);
        flight.recording = begun;
        open.add(begun);
        return begun;
    }

    /// Nothing more is in the queue at the moment.
    ///
    /// @param missed exchanges since the last look
    void end(long missed) {
        long now = System.nanoTime();
        if (now - progressAt > PROGRESS_NANOS) {
            progressAt = now;
            open.forEach(one -> {
                if (one.goesOn() || one.finishIfForgotten()) {
                    changed.add(one);
                }
            });
        }
        List<Recording> news = new ArrayList<>(changed);
        changed.clear();
        news.forEach(this::tell);
        if (missed > 0) {
            store.missed(missed);
            told.exchangesMissed(missed);
        }
    }

    /// Whatever a fault of ours does to one exchange, the others go on.
    private void tell(Recording recording) {
        try {
            Recorded recorded = updated(recording);
            if (!store.put(recorded, recording.isNew())) {
                recording.forget();
            }
            told.exchange(recorded.exchange());
            recording.tellWatcher(recorded);
            if (recording.isOver()) {
                store.complete(recorded);
            }
        } catch (RuntimeException e) {
            log.error("an exchange could not be told of", e);
        } finally {
            if (recording.isOver()) {
                open.remove(recording);
            }
        }
    }

    private Recorded updated(Recording recording) {
        try {
            return recording.update();
        } catch (RuntimeException e) {
            log.error("an exchange could not be recorded to its end", e);
            recording.fail();
            return recording.update();
        }
    }

    /// The client stops.
    void close() {
        for (Recording one : List.copyOf(open)) {
            one.stop();
            tell(one);
        }
    }
}
