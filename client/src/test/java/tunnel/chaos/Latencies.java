package tunnel.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What asking took, sorted.
///
/// @param errors how many got no right answer
record Latencies(List<Double> millis, int errors) {
    static Latencies of(List<Long> nanos, int errors) {
        return new Latencies(nanos.stream().map(one -> one / 1e6).sorted().toList(), errors);
    }

    int count() {
        return millis.size();
    }

    /// In milliseconds, not a number where there were none.
    double quantile(double share) {
        return millis.isEmpty() ? Double.NaN : millis.get(Math.min(millis.size() - 1, (int) (share * millis.size())));
    }

    double p99() {
        return quantile(0.99);
    }

    double median() {
        return quantile(0.5);
    }

    double worst() {
        return quantile(1);
    }

    static String text(Duration time) {
        return text(time.toNanos() / 1e6);
    }

    static String text(double millis) {
        return millis < 1000
                ? String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }
}
