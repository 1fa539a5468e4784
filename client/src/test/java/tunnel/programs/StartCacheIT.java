package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A start uses the cache beside the jar where there is a good one, and never says a word about one that is not. Works on an
/// installation of its own, laid out as a release.
@Tag("long")
class StartCacheIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2); // it starts both programs, and four JVMs in all

    @TempDir
    private Path installation;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectory(installation.resolve("bin"));
        Files.createDirectory(installation.resolve("lib"));
        try (Stream<Path> programs = Files.list(Programs.ROOT.resolve("bin"))) {
            for (Path program : programs.toList()) {
                Files.copy(program, installation.resolve("bin").resolve(program.getFileName()));
            }
        }
        for (String name : List.of("server", "client")) {
            Files.copy(
                    Programs.ROOT.resolve(name + "/target/tunnel-" + name + ".jar"),
                    installation.resolve("lib/tunnel-" + name + ".jar"));
        }
    }

    @Test
    void prepareMakesCachesThatAreUsed() throws Exception {
        prepare();
        assertThat(installation.resolve("lib")).isDirectoryNotContaining("glob:**.new*");
        assertUsed(true);
        assertStartsAsEver("-Xms2m"); // whose old generation is smaller than the cache's objects
        assertStartsAsEver("-Xmn24m -Xlog:gc+ergo=off");

        Files.copy(cache("server"), cache("client"), StandardCopyOption.REPLACE_EXISTING);
        assertUsed(false);
        assertStartsAsEver("");

        Files.copy(cache("server"), cache("client"), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel file = FileChannel.open(cache("client"), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        assertStartsAsEver("");
    }

    @Test
    void aCacheOfAnotherJarIsLeftAlone() throws Exception {
        prepare();
        assertUsed(true);
        Path jar = installation.resolve("lib/tunnel-client.jar");
        FileTime made = Files.getLastModifiedTime(jar);
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.seek(10); // the time of the first entry: another jar, as long and as old as this one
            int time = file.read();
            file.seek(10);
            file.write(time ^ 1);
        }
        Files.setLastModifiedTime(jar, made);
        assertUsed(false);
        assertStartsAsEver("");
    }

    @Test
    void aCacheThatIsNoneIsLeftAlone() throws Exception {
        signClientsCache();
        for (String nonsense : List.of("", "nonsense\n", "nonsense\n".repeat(100_000))) {
            Files.writeString(cache("client"), nonsense);
            assertStartsAsEver("");
        }
        Files.delete(cache("client"));
        Files.createDirectory(cache("client"));
        assertStartsAsEver("");
    }

    @Test
    void theUsersOptionsWinOverTheCache() throws Exception {
        signClientsCache();
        Files.writeString(cache("client"), "nonsense");
        assertStartsAsEver("-Xshare:off");
        assertStartsAsEver("-XX:AOTMode=off");
        assertStartsAsEver("-XX:-UseSerialGC -XX:+UseG1GC");
        try (RunningProgram client = run("tunnel-client", "-Xmx64m -XX:+PrintFlagsFinal", "--version")) {
            assertThat(client.exitCode(PATIENCE)).isZero();
            assertThat(client.out()).anyMatch(line -> line.matches(" *size_t MaxHeapSize += 67108864 .*"));
        }
    }

    @Test
    void whereNoneCanBeMadePrepareSaysSo() throws Exception {
        Files.delete(installation.resolve("lib/tunnel-server.jar"));
        Files.writeString(installation.resolve("lib/tunnel-server.jar"), "not a jar");
        try (RunningProgram prepare = run("prepare", "")) {
            assertThat(prepare.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(prepare.err()).hasSize(1).first().asString().startsWith("prepare: no caches were made.");
        }
        assertThat(installation.resolve("lib")).isDirectoryNotContaining("glob:**.aot*");
        assertStartsAsEver("");
    }

    private void assertStartsAsEver(String options) throws Exception {
        try (RunningProgram client = run("tunnel-client", options, "--version")) {
            assertThat(client.exitCode(PATIENCE)).as("%s", client).isZero();
            assertThat(client.out()).hasSize(1).first().asString().startsWith("tunnel-client ");
            assertThat(client.err()).isEmpty();
        }
    }

    private void assertUsed(boolean used) throws Exception {
        try (RunningProgram client = run("tunnel-client", "-Xlog:class+load", "--version")) {
            assertThat(client.exitCode(PATIENCE)).isZero();
            String command = client.out().stream()
                    .filter(line -> line.contains(" tunnel.client.ClientCommand source: "))
                    .findFirst()
                    .orElseThrow();
            assertThat(command.contains("shared objects file")).as(command).isEqualTo(used);
        }
    }

    private void prepare() throws Exception {
        try (RunningProgram prepare = run("prepare", "")) {
            assertThat(prepare.exitCode(PATIENCE)).as("%s", prepare).isZero();
        }
    }

    /// As if what is there had been made of the client's jar.
    private void signClientsCache() throws Exception {
        ProcessBuilder sum = new ProcessBuilder("sh", "-c", "cksum <tunnel-client.jar >tunnel-client.aot.of")
                .directory(installation.resolve("lib").toFile());
        assertThat(sum.start().waitFor()).isZero();
    }

    private Path cache(String program) {
        return installation.resolve("lib/tunnel-" + program + ".aot");
    }

    private RunningProgram run(String program, String javaOptions, String... arguments) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(installation.resolve("bin").resolve(program).toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).directory(installation.toFile());
        builder.environment().put("TUNNEL_JAVA_OPTS", javaOptions);
        return new RunningProgram(builder);
    }
}
