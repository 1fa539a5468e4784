package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tunnel.inspect.json.Json;

/// Under load the inspector keeps to its bounds, in a heap in which nothing else would do: the client ends where it runs out.
@Tag("long")
class InspectLoadIT {
    private static final String LITTLE_MEMORY = "-Xmx64m -XX:MaxDirectMemorySize=64m";
    private static final int AT_ONCE = 8;
    private static final int REQUESTS = 50_000;
    private static final long GIBIBYTE = 1L << 30;

    @Test
    void bodiesOfAGibibyteAndFiftyThousandRequestsPassWithTheInspectorOn() throws Exception {
        String whole = BulkApp.summary(BulkApp.bytes(GIBIBYTE));
        try (Programs programs = new Programs().javaOptions(LITTLE_MEMORY);
                BulkApp app = new BulkApp();
                HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            programs.server();
            RunningProgram client = programs.client("--local", "" + app.port());
            URI url = URI.create(client.awaitOut("^(http://localhost:\\d+) -> ").group(1) + "/");
            String inspector = client.awaitErr("inspector at (http\\S+)$").group(1);

            var down = http.send(
                    HttpRequest.newBuilder(url.resolve("/down/" + GIBIBYTE)).build(), BodyHandlers.ofInputStream());
            try (InputStream body = down.body()) {
                assertThat(BulkApp.summary(body)).isEqualTo(whole);
            }
            var publisher = BodyPublishers.ofInputStream(() -> BulkApp.bytes(GIBIBYTE));
            var up = HttpRequest.newBuilder(url.resolve("/up")).POST(publisher).build();
            assertThat(http.send(up, BodyHandlers.ofString()).body()).isEqualTo(whole);
            ask(http, HttpRequest.newBuilder(url.resolve("/down/65536")).build());

            Map<?, ?> list = get(http, inspector, "api/requests?limit=1");
            assertThat(number(list, "total") + number(list, "missed") + number(list, "dropped"))
                    .isGreaterThanOrEqualTo(REQUESTS + 2);
            Map<?, ?> status = get(http, inspector, "api/status");
            assertThat(number(status, "memoryUsed")).isLessThanOrEqualTo(number(status, "memoryLimit"));
            assertThat(client.isAlive()).isTrue();
        }
    }

    private static void ask(HttpClient http, HttpRequest request) throws Exception {
        Callable<Long> some = () -> IntStream.range(0, REQUESTS / AT_ONCE)
                .filter(_ -> {
                    try {
                        return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .count();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Long> one : threads.invokeAll(List.of(some, some, some, some, some, some, some, some))) {
                assertThat(one.get()).isEqualTo(REQUESTS / AT_ONCE);
            }
        }
    }

    private static Map<?, ?> get(HttpClient http, String inspector, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(inspector.replaceAll("\\?.*", path)))
                .header("Authorization", "Bearer " + inspector.replaceAll(".*=", ""))
                .build();
        return (Map<?, ?>) Objects.requireNonNull(Json.read(http.send(request, BodyHandlers.ofByteArray()).body()));
    }

    private static long number(Map<?, ?> object, String name) {
        return (Long) Objects.requireNonNull(object.get(name));
    }
}
