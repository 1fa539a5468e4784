package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tunnel.inspect.json.HarTest;

class InspectIT {
    private static HttpResponse<String> get(HttpClient http, String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatPassesIsOnThePrintedPageAndInTheFileToTheEnd() throws Exception {
        try (Programs programs = new Programs(); LocalApp app = new LocalApp(); HttpClient http = HttpClient.newHttpClient()) {
            Programs.Server server = programs.server();
            Path file = programs.path("session.har");
            RunningProgram client = programs.client(
                    "--local", String.valueOf(app.port()), "--name", "seen", "--inspect-save", file.toString());
            RunningProgram other = programs.client("--local", String.valueOf(app.port()), "--name", "other");
            RunningProgram unseen = programs.client("--local", String.valueOf(app.port()), "--inspect", "off");
            String url = client.awaitErr("inspector at (http://localhost:\\d+/\\?token=[\\w-]{43})$").group(1);
            String otherUrl = other.awaitErr("inspector at (http\\S+)$").group(1);
            String token = url.replaceAll(".*=", "");
            String api = url.replaceAll("\\?.*", "api/requests");
            Visit.get(server.httpPort(), "seen.localhost", "/hello");

            assertThat(otherUrl.replaceAll("\\?.*", "")).isNotEqualTo(url.replaceAll("\\?.*", ""));
            assertThat(get(http, url).headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly");
            assertThat(get(http, api).statusCode()).isEqualTo(401);
            String list = "";
            for (long end = System.nanoTime() + RunningProgram.PATIENCE.toNanos(); System.nanoTime() < end && !list.contains("\"complete\""); ) {
                list = get(http, api, "Authorization", "Bearer " + token).body();
            }
            assertThat(list).contains("\"path\":\"/hello\"", "\"tunnel\":\"seen\"", "\"state\":\"complete\"");
            client.signal("TERM");
            assertThat(client.exitCode()).isZero();
            assertThat(HarTest.entries(Files.readAllBytes(file))).hasSize(1);
            assertThat(unseen.err()).noneMatch(line -> line.contains("inspector"));
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidSoAtOnce() throws Exception {
        try (Programs programs = new Programs()) {
            programs.server();
            RunningProgram client = programs.start("tunnel-client", "--local", "4000", "--inspect-save", "/nowhere/a.har");

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err().getLast()).isEqualTo("tunnel-client: cannot write /nowhere/a.har: there is no such file or folder."
                    + " Choose another file with --inspect-save");
        }
    }
}
