package tunnel.chaos;

import java.io.IOException;
import java.time.Duration;

/// A tunnel that has no part in what is going on, and its visitor. While others are attacked it must not notice: no errors, and
/// p99 no worse than twice that of a quiet time, or 20 ms more. A second visitor asks the same app with no tunnel between: where
/// that one is slowed down as well, this machine is, and the tunnel may be slower by twice as much.
final class Innocent implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(4);
    private static final double MORE_MILLIS = 20;

    private final Probe tunnel;
    private final Probe direct;
    private Load load;
    private final Latencies quietTunnel;
    private final Latencies quietDirect;

    /// Begins to ask, and returns after the quiet time.
    Innocent(Probe tunnel, Probe direct) throws IOException {
        this.tunnel = tunnel;
        this.direct = direct;
        Pause.of(Duration.ofSeconds(2)); // compilers
        tunnel.take();
        direct.take();
        Pause.of(QUIET);
        load = Load.begin();
        quietTunnel = tunnel.take();
        quietDirect = direct.take();
    }

    /// The attack begins: what came before it does not count.
    void begin() throws IOException {
        load = Load.begin();
        tunnel.take();
        direct.take();
    }

    /// The attack is over: its figure.
    void end(Row row) throws IOException {
        Latencies during = tunnel.take();
        Latencies directDuring = direct.take();
        double allowed = allowed(quietTunnel.p99());
        boolean busy = directDuring.p99() > allowed(quietDirect.p99());
        if (busy && during.p99() > allowed) {
            allowed = Math.max(allowed, 2 * quietTunnel.p99() * directDuring.p99() / quietDirect.p99());
        }
        row.require(
                during.errors() == 0 && during.count() > 0 && during.p99() <= allowed,
                "innocent: " + during.errors() + " errors in " + (during.count() + during.errors())
                        + (during.errors() > 0 ? " (" + tunnel.firstError() + ")" : "")
                        + ", p99 " + Latencies.text(quietTunnel.p99()) + " → " + Latencies.text(during.p99())
                        + (busy
                                ? " (machine busy: without a tunnel " + Latencies.text(quietDirect.p99()) + " → "
                                        + Latencies.text(directDuring.p99()) + ")"
                                : "")
                        + Load.text(load.others()));
    }

    /// The attack is over: it was served all the time, and how fast is told.
    void endServed(Row row) {
        Latencies during = tunnel.take();
        row.require(during.errors() == 0 && during.count() > 0, told(during));
    }

    /// The figure of another program, which is not judged.
    String told() {
        return told(tunnel.take());
    }

    private String told(Latencies during) {
        return "innocent: " + during.errors() + " errors in " + (during.count() + during.errors()) + ", p99 "
                + Latencies.text(quietTunnel.p99()) + " → " + Latencies.text(during.p99());
    }

    private static double allowed(double quiet) {
        return Math.max(2 * quiet, quiet + MORE_MILLIS);
    }

    @Override
    public void close() {
        tunnel.close();
        direct.close();
    }
}
