package tunnel.inspect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tunnel.inspect.CaptureScene;
import tunnel.inspect.save.Saving;

/// Archives, read strictly: each member that the format wants, of its type.
public class HarTest {
    private static final String REQUEST = "POST /a?b=c&d HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
    private static final String RESPONSE = "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Type: image/png\r\nContent-Length: 4\r\n\r\n\u0089PNG";

    private static void exchanges(CaptureScene scene) {
        scene.exchange(REQUEST, RESPONSE);
        scene.over(1);
        scene.exchange("GET /\"<script> HTTP/1.1\r\nHost: a.example\r\nX-Odd: \u0001\"\\</script>\u00ff\r\n\r\n", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n\"\\");
        scene.over(2);
        var broken = scene.stream();
        broken.fromVisitor(CaptureScene.bytes("GET /broken HTTP/1.1\r\nHost: a.example\r\n\r\n"));
        broken.ended(true);
        scene.over(3);
        scene.tcp().ended(false);
        scene.over(4);
    }

    @Test
    void anArchiveHasAllThatTheFormatWants() throws IOException {
        try (CaptureScene scene = new CaptureScene()) {
            exchanges(scene);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (var json = Json.over(out)) {
                Har.write(json, "1.2.3", scene.store().before(0).reversed());
            }

            List<Map<String, Object>> entries = entries(out.toByteArray());
            assertThat(entries).hasSize(3);
            assertThat(String.valueOf(entries.getFirst()))
                    .contains("url=http://a.example/a?b=c&d", "{name=b, value=c}, {name=d, value=}", "text=hello", "redirectURL=/x",
                            "encoding=base64", "status=302", "statusText=Found");
            assertThat(String.valueOf(entries.get(1))).contains("/\"<script>", "\"\\</script>\u00ff");
            assertThat(String.valueOf(entries.get(2))).contains("status=0", "failed: the visitor went away");
        }
    }

    @Test
    void aFileIsAnArchiveAtAnyTimeAndPrivate(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("session.har");
        Files.writeString(file, "an older one, longer than what comes first: " + "x".repeat(10_000));
        try (Saving saving = Saving.to(file, "1")) {
            assertThat(entries(Files.readAllBytes(file))).isEmpty();
            save(saving, file);
        }

        assertThat(entries(Files.readAllBytes(file))).hasSize(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    private static void save(Saving saving, Path file) throws IOException {
        try (CaptureScene scene = new CaptureScene()) {
            exchanges(scene);
            for (long id = 1; id <= 4; id++) {
                saving.accept(Objects.requireNonNull(scene.store().get(id)));
                entries(Files.readAllBytes(file));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(@Nullable Object value) {
        return (List<Map<String, Object>>) Objects.requireNonNull(value);
    }

    private static void has(Map<String, Object> object, Class<?> type, String... names) {
        for (String name : names) {
            assertThat(object.get(name)).as(name).isInstanceOf(type);
        }
    }

    /// The entries of an archive that was checked as a whole.
    public static List<Map<String, Object>> entries(byte[] archive) throws IOException {
        assertThat(new String(archive, UTF_8).getBytes(UTF_8)).isEqualTo(archive);
        Map<String, Object> log = object(object(Json.read(archive)).get("log"));
        assertThat(log).containsEntry("version", "1.2");
        has(object(log.get("creator")), String.class, "name", "version");
        List<Map<String, Object>> entries = list(log.get("entries"));
        entries.forEach(HarTest::check);
        return entries;
    }

    private static void check(Map<String, Object> entry) {
        assertThat(OffsetDateTime.parse(String.valueOf(entry.get("startedDateTime")))).isNotNull();
        Map<String, Object> timings = object(entry.get("timings"));
        has(timings, Number.class, "blocked", "dns", "connect", "send", "wait", "receive", "ssl");
        double sum = timings.values().stream().mapToDouble(one -> Math.max(0, ((Number) one).doubleValue())).sum();
        assertThat(((Number) Objects.requireNonNull(entry.get("time"))).doubleValue()).isCloseTo(sum, org.assertj.core.data.Offset.offset(0.01));
        assertThat(object(entry.get("cache"))).isEmpty();
        Map<String, Object> request = object(entry.get("request"));
        has(request, String.class, "method", "url", "httpVersion");
        has(request, List.class, "cookies", "headers", "queryString");
        has(request, Number.class, "headersSize", "bodySize");
        list(request.get("headers")).forEach(one -> has(one, String.class, "name", "value"));
        if (request.containsKey("postData")) {
            has(object(request.get("postData")), String.class, "mimeType", "text");
        }
        Map<String, Object> response = object(entry.get("response"));
        has(response, Number.class, "status", "headersSize", "bodySize");
        has(response, String.class, "statusText", "httpVersion", "redirectURL");
        has(response, List.class, "cookies", "headers");
        has(object(response.get("content")), Number.class, "size");
        has(object(response.get("content")), String.class, "mimeType");
    }
}
