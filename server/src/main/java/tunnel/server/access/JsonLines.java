package tunnel.server.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tunnel.server.access.AccessLog.Entry;

/// Lines that are JSON objects (RFC 8259), all with the same members. Not thread-safe.
final class JsonLines {
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder line = new StringBuilder(512);
    private final EscapedText text = new EscapedText(line, EscapedText.Style.JSON);
    private long second = Long.MIN_VALUE;
    private String time = "";

    byte[] line(Entry entry) {
        line.setLength(0);
        line.append("{\"time\":\"").append(time(entry.epochMillis()));
        EscapedText.padded(line, Math.floorMod(entry.epochMillis(), 1000L), 3);
        line.append("Z\"");
        string("address", entry.address());
        string("user", entry.user());
        string("method", entry.method());
        string("target", entry.target());
        string("version", entry.version());
        number("status", entry.status());
        number("sent", entry.sent());
        number("received", entry.received());
        string("referer", entry.referer());
        string("user_agent", entry.userAgent());
        line.append(",\"seconds\":");
        EscapedText.seconds(line, entry.micros());
        string("tunnel", entry.tunnel());
        string("request_id", entry.requestId());
        line.append("}\n");
        return line.toString().getBytes(ISO_8859_1); // all of it is ASCII
    }

    private void string(String name, String value) {
        line.append(",\"").append(name).append("\":\"");
        text.append(value);
        line.append('"');
    }

    private void number(String name, long value) {
        line.append(",\"").append(name).append("\":").append(value);
    }

    private String time(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            time = SECOND.format(Instant.ofEpochSecond(now));
            second = now;
        }
        return time;
    }
}
