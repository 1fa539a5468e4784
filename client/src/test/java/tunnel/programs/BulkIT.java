package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Bodies of any size pass through little memory.
class BulkIT {
    private static final String LITTLE_MEMORY = "-Xmx64m -XX:MaxDirectMemorySize=64m";

    @Test
    void bodiesLargerThanTheHeapsPassBothWays() throws Exception {
        pass(256L << 20);
    }

    @Tag("long")
    @Test
    void bodiesOverTwoGibibytesPassBothWays() throws Exception {
        pass((2L << 30) + (1 << 20)); // more than an int counts
    }

    private static void pass(long length) throws Exception {
        String whole = BulkApp.summary(BulkApp.bytes(length));
        try (Programs programs = new Programs().javaOptions(LITTLE_MEMORY);
                BulkApp app = new BulkApp();
                HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Programs.Server server = programs.server();
            RunningProgram client = programs.client("--local", "" + app.port());
            URI url = URI.create(client.awaitOut("^(http://localhost:\\d+) -> ").group(1) + "/");

            var down = http.send(
                    HttpRequest.newBuilder(url.resolve("/down/" + length)).build(), BodyHandlers.ofInputStream());
            try (InputStream body = down.body()) {
                assertThat(BulkApp.summary(body)).isEqualTo(whole);
            }

            var up = HttpRequest.newBuilder(url.resolve("/up"));
            var publisher = BodyPublishers.ofInputStream(() -> BulkApp.bytes(length));
            assertThat(http.send(up.POST(publisher).build(), BodyHandlers.ofString()).body()).as("in chunks").isEqualTo(whole);
            assertThat(server.program().isAlive() && client.isAlive()).isTrue();
        }
    }
}
