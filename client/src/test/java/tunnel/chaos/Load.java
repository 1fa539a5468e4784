package tunnel.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/// What other programs take of this machine's processors, from its making on. Figures in seconds mean a machine that has
/// nothing else to do, so where it has, they are told with this.
final class Load {
    private static final long JIFFY_NANOS = 10_000_000;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final long began = System.nanoTime();
    private final long busyBefore = busy();
    private final long oursBefore = ours();

    private Load() throws IOException {}

    static Load begin() throws IOException {
        return new Load();
    }

    /// In nanoseconds, of all processes.
    private static long busy() throws IOException {
        String[] jiffies = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split(" +", -1);
        long busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) { // user, nice, system, irq, softirq, steal
            busy += Long.parseLong(jiffies[i]);
        }
        return busy * JIFFY_NANOS;
    }

    private static long ours() {
        return Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
                .mapToLong(one -> one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    /// The share of all processors that others have had so far.
    double others() throws IOException {
        long others = busy() - busyBefore - (ours() - oursBefore);
        return Math.clamp((double) others / PROCESSORS / (System.nanoTime() - began), 0, 0.95);
    }

    /// As part of a figure; empty where the machine was ours.
    static String text(double others) {
        return others < 0.1 ? "" : String.format(Locale.ROOT, " (other programs had %.0f %% of the processors)", 100 * others);
    }
}
