package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A terminal that was stopped (Ctrl-S, a suspended pager) reads nothing more, and writing to it blocks for ever.
class StoppedTerminalIT {
    @Test
    void aClientWhoseOutputNobodyReadsStillServesAndStillStops() throws Exception {
        try (Programs programs = new Programs();
                LocalApp app = programs.closing(new LocalApp());
                FullPipe terminal = new FullPipe(programs.path("terminal"))) {
            Programs.Server server = programs.server();
            RunningProgram client = programs.closing(new RunningProgram(programs.builder(
                            "tunnel-client", "--local", "" + app.port(), "--name", "mute", "--verbose")
                    .redirectOutput(terminal.path.toFile())
                    .redirectError(terminal.path.toFile())));
            server.program().awaitErr("tunnel mute is ready");
            for (int i = 0; i < 50; i++) {
                assertThat(Visit.get(server.httpPort(), "mute.localhost", "/" + i))
                        .isEqualTo("HTTP/1.1 200 OK, the app saw /" + i);
            }
            client.signal("TERM");
            // which waits a second for somebody to read, and takes 2 s in all on a machine that is not busy
            assertThat(client.exitCode(Duration.ofSeconds(4))).isZero();
        }
    }

    @Test
    void aServerWhoseLogNobodyReadsStillServesAndStillStops() throws Exception {
        try (Programs programs = new Programs();
                LocalApp app = programs.closing(new LocalApp());
                FullPipe terminal = new FullPipe(programs.path("terminal"))) {
            RunningProgram server = programs.closing(new RunningProgram(programs.builder(
                            "tunnel-server",
                            "--control-port", "0", "--http-port", "0", "--ports", programs.ports(), "--verbose")
                    .redirectError(terminal.path.toFile())));
            await().atMost(RunningProgram.PATIENCE).until(() -> programs.serverState().resolve("join").toFile().exists());
            RunningProgram client = programs.client("--local", "" + app.port());
            int port = Integer.parseInt(client.awaitOut("http://localhost:(\\d+) ").group(1));
            for (int i = 0; i < 50; i++) {
                assertThat(Visit.get(port, "localhost", "/" + i)).isEqualTo("HTTP/1.1 200 OK, the app saw /" + i);
            }
            server.signal("TERM");
            assertThat(server.exitCode(Duration.ofSeconds(2))).isZero();
        }
    }

    /// A named pipe that is kept full and never read.
    private static final class FullPipe implements AutoCloseable {
        final Path path;
        private final FileChannel pipe;

        FullPipe(Path path) throws IOException, InterruptedException {
            this.path = path;
            assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
            // for both, or opening would wait for the other end
            pipe = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Thread.ofPlatform().daemon().name("pipe-filler").start(this::fill);
        }

        private void fill() {
            ByteBuffer rubbish = ByteBuffer.allocateDirect(4096);
            try {
                while (pipe.isOpen()) {
                    pipe.write(rubbish.clear());
                }
            } catch (IOException e) {
                // closed
            }
        }

        @Override
        public void close() throws IOException {
            pipe.close(); // which ends the filler
        }
    }
}
