package tunnel.events;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Counts exchanges, in memory that does not grow. Used under its owner's lock.
final class Tallies {
    private static final int SECONDS = 300;
    private static final int MOST_TIMES = 1000;
    /// Ends may be missed under load: what began so many exchanges ago and never ended is taken for over.
    private static final int MOST_OPEN = 10_000;

    private final SequencedSet<Long> open = new LinkedHashSet<>();
    private long latest; // the highest number seen
    private long total;
    private long missed;
    private long failed;

    private final int[] bySecond = new int[SECONDS]; // of the second s at s % SECONDS
    private long second; // the last one counted in

    private final long[] micros = new long[MOST_TIMES];
    private final long[] endedAt = new long[MOST_TIMES]; // in seconds
    private int times; // so far; the last ones are kept

    /// Counts one that began, or of which more is known.
    ///
    /// @return whether it is one that was not seen before
    boolean count(Exchange exchange, Instant now) {
        boolean fresh = exchange.id() > latest;
        if (fresh) {
            latest = exchange.id();
            countBegun(1, now);
        }
        boolean running = exchange.state() == Exchange.State.RUNNING;
        boolean ended = !running && (open.remove(exchange.id()) || fresh);
        if (running && fresh) {
            open.add(exchange.id());
            if (open.size() > MOST_OPEN) {
                open.removeFirst();
            }
        }
        if (ended && exchange.state() == Exchange.State.FAILED) {
            failed++;
        } else if (ended && exchange.kind() == Exchange.Kind.HTTP) { // other kinds last as long as somebody looks
            micros[times % MOST_TIMES] = exchange.micros();
            endedAt[times % MOST_TIMES] = now.getEpochSecond();
            times++;
        }
        return fresh;
    }

    void countMissed(long count, Instant now) {
        missed += count;
        countBegun(count, now);
    }

    private void countBegun(long count, Instant now) {
        total += count;
        turnTo(now);
        bySecond[(int) (second % SECONDS)] += (int) count;
    }

    /// Makes room for the seconds since the last time. A clock that was set back counts into the last second it had reached.
    private void turnTo(Instant now) {
        long present = now.getEpochSecond();
        for (long next = Math.max(second, present - SECONDS) + 1; next <= present; next++) {
            bySecond[(int) (next % SECONDS)] = 0;
        }
        second = Math.max(second, present);
    }

    ClientSnapshot.Traffic at(Instant now) {
        turnTo(now);
        int minute = 0;
        int all = 0;
        for (int ago = 0; ago < SECONDS; ago++) {
            int count = bySecond[(int) ((second - ago) % SECONDS)];
            minute += ago < 60 ? count : 0;
            all += count;
        }
        long[] sorted = timesSince(now.getEpochSecond() - SECONDS);
        return new ClientSnapshot.Traffic(
                total, open.size(), missed, failed, minute, all, percentile(sorted, 50), percentile(sorted, 90));
    }

    private long[] timesSince(long first) {
        long[] found = new long[Math.min(times, MOST_TIMES)];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            if (endedAt[i] > first) {
                found[count++] = micros[i];
            }
        }
        long[] sorted = Arrays.copyOf(found, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /// The smallest that so many of a hundred do not exceed.
    private static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(sorted.length * percent + 99) / 100 - 1];
    }
}
