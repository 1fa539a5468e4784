package tunnel.client;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import tunnel.events.ClientEvents;
import tunnel.screen.QrCode;

/// Standard error: the first public address as a QR code, once.
final class CodeLines implements ClientEvents {
    private static final String BLACK_ON_WHITE = "\033[38;5;16;48;5;231m";

    private final boolean showsBlocks;
    private final Lines lines;
    private final AtomicBoolean printed = new AtomicBoolean();

    CodeLines(PrintStream err) {
        this.showsBlocks = err.charset().newEncoder().canEncode('█');
        this.lines = new Lines(err);
    }

    @Override
    public void ready(Shown tunnel) {
        if (tunnel.urls().isEmpty() || !printed.compareAndSet(false, true)) {
            return;
        }
        if (!showsBlocks) {
            lines.print("a QR code needs a terminal with UTF-8; see locale");
            return;
        }
        QrCode code = QrCode.of(tunnel.urls().getFirst());
        if (code == null) {
            lines.print(tunnel.urls().getFirst() + " is too long for a QR code.");
            return;
        }
        code.lines().forEach(line -> lines.print(BLACK_ON_WHITE + line + "\033[0m"));
    }

    /// Lets what is queued leave, for at most a second.
    void flush() {
        lines.flush();
    }
}
