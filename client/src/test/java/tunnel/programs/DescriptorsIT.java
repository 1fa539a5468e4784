package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A server with few file descriptors, and more visitors than it has.
class DescriptorsIT {
    private static final int FLOOD = 5000;
    private static final int RUNNING = 10;

    private volatile boolean over;
    private final AtomicInteger answers = new AtomicInteger();

    @Test
    void connectionsThatRunHaveNoErrorsInAFloodAndNewOnesComeInSoonAfterIt() throws Exception {
        try (Programs programs = new Programs();
                LocalApp app = new LocalApp()) {
            Programs.Server server = programs.serverWithFiles(
                    1024, "--max-visitors-per-address", "20000", "--access-log", "off");
            server.program().awaitErr("the limit of 1024 open files leaves room for \\d+ visitors .* LimitNOFILE");
            programs.client("--local", "" + app.port(), "--name", "blue-otter");
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < RUNNING; i++) {
                running.add(CompletableFuture.runAsync(() -> ask(server.httpPort()), Thread.ofVirtual()::start));
            }
            await().atMost(RunningProgram.PATIENCE).until(() -> answers.get() > 2 * RUNNING);

            List<Socket> flood = new ArrayList<>();
            try {
                for (int i = 0; i < FLOOD; i++) {
                    flood.add(new Socket(InetAddress.getLoopbackAddress(), server.httpPort()));
                }
                int before = answers.get();
                await().atMost(RunningProgram.PATIENCE).until(() -> answers.get() > before + 10 * RUNNING);
            } finally {
                for (Socket socket : flood) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofSeconds(5)) // some 50 ms where nothing else runs; who sends no head may stay for 10 s
                    .ignoreExceptions()
                    .until(() -> Visit.get(server.httpPort(), "blue-otter.localhost", "/new").startsWith("HTTP/1.1 200 OK"));
            over = true;
            for (CompletableFuture<Void> one : running) {
                one.join();
            }
            assertThat(server.program().err()).noneMatch(line -> line.contains("accepting failed"));
            assertThat(server.program().err()).anyMatch(line -> line.contains("as many as there may be (--max-visitors)"));
        }
    }

    /// Sends one request after another on one connection, until it is over.
    private void ask(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(RunningProgram.PATIENCE.toMillis()));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            while (!over) {
                socket.getOutputStream().write("GET /kept HTTP/1.1\r\nHost: blue-otter.localhost\r\n\r\n".getBytes(UTF_8));
                assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
                for (String line = in.readLine(); !"the app saw /kept".equals(line); line = in.readLine()) {
                    assertThat(line).as("the answer goes on").isNotNull();
                }
                answers.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError("a connection that was there broke", e);
        }
    }
}
