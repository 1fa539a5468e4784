package tunnel.server.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tunnel.server.access.AccessLog.Entry;

/// Lines of the combined log format, as Apache and nginx write it and most tools read it, with four more fields behind:
///
///     203.0.113.9 - - [24/Nov/2026:03:25:31 +0000] "GET / HTTP/1.1" 200 1234 "-" "curl/8.5" 0.012345 blue-otter 7Yx 310
///
/// Not thread-safe.
final class CombinedLines {
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder line = new StringBuilder(512);
    private final EscapedText text = new EscapedText(line, EscapedText.Style.HEX);
    private long second = Long.MIN_VALUE;
    private String time = "";

    byte[] line(Entry entry) {
        line.setLength(0);
        text.word(entry.address());
        line.append(" - ");
        text.word(entry.user());
        line.append(" [").append(time(entry.epochMillis())).append("] \"");
        request(entry);
        line.append("\" ");
        EscapedText.padded(line, entry.status(), 3);
        line.append(' ').append(entry.sent()).append(" \"");
        text.quoted(entry.referer());
        line.append("\" \"");
        text.quoted(entry.userAgent());
        line.append("\" ");
        EscapedText.seconds(line, entry.micros());
        line.append(' ');
        text.word(entry.tunnel());
        line.append(' ');
        text.word(entry.requestId());
        line.append(' ').append(entry.received()).append('\n');
        return line.toString().getBytes(ISO_8859_1); // all of it is ASCII
    }

    private void request(Entry entry) {
        if (entry.method().isEmpty()) {
            line.append('-'); // a request that nobody could read
            return;
        }
        text.quoted(entry.method());
        line.append(' ');
        text.quoted(entry.target());
        if (!entry.version().isEmpty()) {
            line.append(' ');
            text.quoted(entry.version());
        }
    }

    private String time(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            time = SECOND.format(Instant.ofEpochSecond(now)) + " +0000";
            second = now;
        }
        return time;
    }
}
