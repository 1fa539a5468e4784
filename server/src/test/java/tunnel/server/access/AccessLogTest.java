package tunnel.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.server.access.AccessLog.Entry;
import tunnel.server.access.AccessLog.Format;
import tunnel.server.access.AccessLog.Settings;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class AccessLogTest {
    @TempDir
    private Path folder;

    private static Entry entry(String target) {
        return new Entry(0, "203.0.113.9", "", "GET", target, "HTTP/1.1", 200, 1, 2, "", "", 3, "otter", "id");
    }

    private AccessLog open(Path file, Format format) throws IOException {
        return AccessLog.open(new Settings(true, file, format));
    }

    @Test
    void aLineIsTheRequestAloneAndStandsInTheFileAtOnce() throws Exception {
        Path file = folder.resolve("access.log");
        try (AccessLog log = open(file, Format.COMBINED)) {
            log.write(entry("/one"));
            await().until(() -> Files.readString(file).endsWith("\n"));
            assertThat(Files.readString(file))
                    .isEqualTo("203.0.113.9 - - [01/Jan/1970:00:00:00 +0000] \"GET /one HTTP/1.1\" 200 1 \"-\" \"-\" 0.000003"
                            + " otter id 2\n");
        }
    }

    @Test
    void whatIsQueuedIsWrittenAtTheEndAndWhatWasThereStays() throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        AccessLog log = open(file, Format.JSON);
        for (int i = 0; i < 1000; i++) {
            log.write(entry("/" + i));
        }
        log.close();
        log.close();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1001).startsWith("before");
        assertThat(lines.getLast()).startsWith("{\"time\":\"1970-01-01T00:00:00.000Z\"").contains("\"target\":\"/999\"");
    }

    @Test
    void aFileThatIsFullIsRotatedAndCompressed() throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, ("x".repeat(1023) + "\n").repeat(20 << 10));
        try (AccessLog log = open(file, Format.COMBINED)) {
            await().pollInSameThread().until(() -> {
                log.write(entry("/"));
                long size = file.toFile().length(); // 0 while it is renamed and not there yet again
                return files().stream().anyMatch(name -> name.matches("access\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.0\\.gz"))
                        && 0 < size
                        && size < 1 << 20;
            });
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        Path file = folder.resolve("missing/access.log");
        assertThatThrownBy(() -> open(file, Format.COMBINED))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write the access log " + file + ": there is no such file or folder. Choose another file"
                        + " with --access-log, or write --access-log off");
        assertThatThrownBy(() -> open(folder, Format.COMBINED)).hasMessageStartingWith("cannot write the access log " + folder);
    }

    @Test
    void withoutAFileItGoesToStandardErrorWithoutThePatternOfTheProgramsLog() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setErr(new PrintStream(out, true, UTF_8));
        try (AccessLog log = AccessLog.open(Settings.DEFAULT)) {
            log.write(entry("/one"));
            await().until(() -> out.toString(UTF_8).endsWith("\n"));
        } finally {
            System.setErr(before);
        }
        assertThat(out.toString(UTF_8).lines()).anyMatch(line -> line.startsWith("203.0.113.9 - - [01/Jan/1970"));
    }

    @Test
    void offIsOff() throws Exception {
        try (AccessLog log = AccessLog.open(Settings.OFF)) {
            assertThat(log.isOn()).isFalse();
            log.write(entry("/one"));
        }
    }
}
