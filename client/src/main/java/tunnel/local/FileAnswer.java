package tunnel.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file in answer to GET or HEAD: all of it, a range, or that it has not changed (RFC 9110, sections 13 and 14).
///
/// @param modified in whole seconds, as HTTP tells it
/// @param tag of this very content, as well as size and time can tell
record FileAnswer(Path path, long size, Instant modified, String tag) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int CHUNK = 64 << 10;

    static FileAnswer of(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        Instant modified = file.lastModifiedTime().toInstant();
        String tag = "\"%x-%x-%x\"".formatted(file.size(), modified.getEpochSecond(), modified.getNano());
        return new FileAnswer(path, file.size(), modified.truncatedTo(ChronoUnit.SECONDS), tag);
    }

    void to(HttpExchange exchange) throws IOException {
        Headers request = exchange.getRequestHeaders();
        Headers response = exchange.getResponseHeaders();
        response.set("ETag", tag);
        response.set("Last-Modified", DATE.format(modified));
        response.set("Accept-Ranges", "bytes");
        response.set("Cache-Control", "no-cache"); // to ask each time whether it has changed: files here are being worked on
        if (isUnchanged(request)) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        String asked = request.getFirst("Range");
        boolean ranged = asked != null && exchange.getRequestMethod().equals("GET") && isStill(request.getFirst("If-Range"));
        ByteRange range = ranged && asked != null ? ByteRange.parse(asked, size) : null;
        if (range == null) {
            send(exchange, 200, new ByteRange(0, size));
        } else if (range.length() == 0) {
            response.set("Content-Range", "bytes */" + size);
            FolderAnswer.text(exchange, 416, "The file is shorter than that.\n");
        } else {
            response.set("Content-Range", "bytes " + range.first() + "-" + (range.end() - 1) + "/" + size);
            send(exchange, 206, range);
        }
    }

    private boolean isUnchanged(Headers request) {
        if (request.containsKey("If-None-Match")) {
            return request.get("If-None-Match").stream()
                    .flatMap(field -> Arrays.stream(field.split(",", -1)))
                    .map(one -> one.strip().replaceFirst("^W/", ""))
                    .anyMatch(one -> one.equals("*") || one.equals(tag));
        }
        Instant since = date(request.getFirst("If-Modified-Since"));
        return since != null && !modified.isAfter(since);
    }

    /// Whether a range may be sent: there is no condition, or the file is the one that the visitor has the rest of.
    private boolean isStill(@Nullable String condition) {
        return condition == null || condition.equals(tag) || modified.equals(date(condition));
    }

    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private void send(HttpExchange exchange, int status, ByteRange range) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", ContentTypes.of(path));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(range.length()));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) { // before the head: it may be gone
            exchange.sendResponseHeaders(status, range.length() == 0 ? -1 : range.length());
            copy(Channels.newInputStream(file.position(range.first())), exchange.getResponseBody(), range.length());
        }
    }

    /// Where the file has become shorter meanwhile the connection is broken off, since the length was told.
    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, length)];
        for (long left = length; left > 0; ) {
            int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (read < 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            out.write(chunk, 0, read);
            left -= read;
        }
    }
}
