package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// curl as a visitor.
class CurlIT {
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String url(RunningProgram client) {
        return client.awaitOut("^(http://localhost:\\d+) -> ").group(1);
    }

    @Test
    void requestsShareAConnection() throws Exception {
        Tool curl = Tool.named("curl");
        try (Programs programs = new Programs();
                LocalApp app = new LocalApp()) {
            programs.server();
            String url = url(programs.client("--local", "" + app.port()));

            Tool.Outcome outcome = curl.run(
                    "-sS", "--http1.1", "-w", "%{http_code} %{num_connects}\n", url + "/one", url + "/two");

            assertThat(outcome.text())
                    .as(outcome.err())
                    .isEqualTo("the app saw /one\n200 1\nthe app saw /two\n200 0\n");
        }
    }

    @Test
    void uploadFromAPipeArrivesWhole() throws Exception {
        Tool curl = Tool.named("curl");
        byte[] upload = random(5_000_000);
        HttpServer app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean chunked = "chunked".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Transfer-Encoding"));
            byte[] answer = (chunked + " " + Arrays.equals(body, upload)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        app.start();
        try (Programs programs = new Programs()) {
            programs.server();
            String url = url(programs.client("--local", "" + app.getAddress().getPort()));

            Tool.Outcome outcome = curl.run(Map.of(), upload, "-sS", "--http1.1", "-T", "-", url + "/up");

            assertThat(outcome.text()).as(outcome.err()).isEqualTo("true true");
        } finally {
            app.stop(0);
        }
    }

    @Test
    void downloadThatBrokeOffIsResumed(@TempDir Path folder) throws Exception {
        Tool curl = Tool.named("curl");
        byte[] whole = random(3_000_000);
        Path got = Files.write(folder.resolve("got.bin"), Arrays.copyOf(whole, 1_234_567));
        HttpServer app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            int from = Integer.parseInt(exchange.getRequestHeaders().getFirst("Range").replaceAll("bytes=([0-9]+)-", "$1"));
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
            exchange.sendResponseHeaders(206, whole.length - from);
            exchange.getResponseBody().write(whole, from, whole.length - from);
            exchange.close();
        });
        app.start();
        try (Programs programs = new Programs()) {
            programs.server();
            String url = url(programs.client("--local", "" + app.getAddress().getPort()));

            Tool.Outcome outcome = curl.run(
                    "-sS", "--http1.1", "-C", "-", "-w", "%{http_code} %{size_download}", "-o", got.toString(), url + "/big.bin");

            assertThat(outcome.text()).as(outcome.err()).isEqualTo("206 " + (3_000_000 - 1_234_567));
            assertThat(Files.readAllBytes(got)).isEqualTo(whole);
        } finally {
            app.stop(0);
        }
    }
}
