package tunnel.client;

import tunnel.doctor.Verdict;

/// Verdicts from what the client itself would say.
final class Verdicts {
    private Verdicts() {}

    /// What failed, and behind its first sentence what to do.
    static Verdict fail(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf(". ");
        return end < 0 ? Verdict.fail(message, "") : Verdict.fail(message.substring(0, end), message.substring(end + 2));
    }

    /// `0.4 ms`, `12 ms`.
    static String time(long nanos) {
        double millis = nanos / 1e6;
        return millis < 10 ? "%.1f ms".formatted(millis) : Math.round(millis) + " ms";
    }
}
