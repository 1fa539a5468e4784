package tunnel.protocol;

import tunnel.net.Buffers;

/// How much room what comes is worth: a large buffer where megabytes go through in no time and system calls are what they cost, a
/// smaller one where somebody slower takes them, who would hold that room and gain nothing. By the thread that reads.
final class Pace {
    private static final int STRETCH = 1 << 20;
    private static final long FAST_NANOS = 100_000_000; // for a stretch: 10 MiB/s

    private final int first;
    private int run; // bytes of reads in a row that brought as much as a small buffer holds
    private long since;
    private boolean fast;

    /// @param first size for what fills a small buffer and is not known to be fast
    Pace(int first) {
        this.first = first;
    }

    /// What a read has brought.
    ///
    /// @param now of `System.nanoTime`
    void count(int bytes, long now) {
        if (bytes < Buffers.SMALL) {
            run = 0;
            fast = false;
            return;
        }
        if (run == 0) {
            since = now;
        }
        run += bytes;
        if (run >= STRETCH) {
            fast = now - since < FAST_NANOS;
            since = now;
            run = 1;
        } else if (now - since >= FAST_NANOS) {
            fast = false; // whoever has slowed down does not hold the room until the stretch is full
        }
    }

    /// For the next read.
    int bufferSize() {
        if (run == 0) {
            return Buffers.SMALL;
        }
        return fast ? Buffers.LARGE : first;
    }
}
