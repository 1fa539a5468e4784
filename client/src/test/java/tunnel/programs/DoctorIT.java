package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tunnel.fixture.ClosedPort;

/// `doctor` of both programs, where all is well and where something was broken on purpose.
@Tag("long")
class DoctorIT {
    /// A path or an address that nothing could break.
    private static final Pattern LONG_WORD = Pattern.compile(".{28,31}\\S+");
    private static final Pattern HEAD = Pattern.compile("(ok|note|FAIL|skipped) +(.{18}) (.*)");

    private Programs programs;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    /// What came of a check, in one line with its fix.
    private record Found(String verdict, String text) {}

    private record Outcome(int code, Map<String, Found> checks, String text) {
        private Found of(String check) {
            assertThat(checks).as(text).containsKey(check);
            return Objects.requireNonNull(checks.get(check));
        }

        private void fails(String check, String text) {
            assertThat(of(check).verdict).as(this.text).isEqualTo("FAIL");
            assertThat(of(check).text).contains(text);
            assertThat(code).isEqualTo(1);
        }

        private List<String> failed() {
            return checks.entrySet().stream()
                    .filter(one -> one.getValue().verdict.equals("FAIL"))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private Outcome run(String program, String... arguments) throws Exception {
        return outcome(programs.start(program, arguments));
    }

    private static Outcome outcome(RunningProgram program) throws Exception {
        int code = program.exitCode();
        assertThat(program.err()).as(program.toString()).isEmpty();
        assertThat(program.out()).as(program.toString()).allMatch(line -> line.length() <= 80 || LONG_WORD.matcher(line).matches());
        Map<String, Found> checks = new TreeMap<>();
        String last = "";
        for (String line : program.out()) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                last = head.group(2).strip();
                checks.put(last, new Found(head.group(1), head.group(3)));
            } else if (line.startsWith(" ")) {
                Found before = Objects.requireNonNull(checks.get(last));
                checks.put(last, new Found(before.verdict, before.text + " " + line.strip()));
            }
        }
        return new Outcome(code, checks, program.toString());
    }

    @Test
    void whereAllIsWellBothSaySo() throws Exception {
        Programs.Server server = programs.server();
        Outcome client = run("tunnel-client", "doctor");
        assertThat(client.failed()).as(client.text).isEmpty();
        assertThat(client.code).isZero();
        assertThat(client.of("login").text).contains("first names=*");
        assertThat(client.of("HTTP port").text).contains("port " + server.httpPort());
        assertThat(client.of("visit by name").text).contains("leads here");
        assertThat(client.of("visit by port").text).contains("leads here");

        Outcome running = run("tunnel-server", "doctor");
        assertThat(running.failed()).as(running.text).isEmpty();
        assertThat(running.code).isZero();
        assertThat(running.of("running server").text).contains("process " + server.program().pid());
        assertThat(running.of("control port").text).contains(server.controlPort() + " is the running server's");
    }

    @Test
    void theClientNamesWhatStandsBetweenItAndTheServer() throws Exception {
        run("tunnel-client", "doctor").fails("join string", "there is no join string");

        Programs.Server server = programs.server();
        String join = Programs.joinString(programs.serverState());
        int closed = programs.closing(new ClosedPort()).number();
        run("tunnel-client", "doctor", "--server", "127.0.0.1:" + closed).fails("control port", "connection refused");
        run("tunnel-client", "doctor", "--server", "nosuch.invalid").fails("server's name", "no address");
        Outcome two = run("tunnel-client", "doctor", "--plain", "--local", Integer.toString(closed));
        two.fails("server's key", "Leave --plain out");
        two.fails("local service", "Start your app");

        Path wrongPin = programs.file("wrong-pin", join.substring(0, join.length() - 2) + (join.endsWith("00") ? "11" : "00"));
        Outcome pin = run("tunnel-client", "doctor", "--join-file", wrongPin.toString());
        pin.fails("server's key", "is not the one in the join string");
        assertThat(pin.of("join string").text).contains("chmod 600");

        Path wrongToken = programs.file("wrong-token", join.replaceFirst("//.{4}", "//AAAA"));
        run("tunnel-client", "doctor", "--join-file", wrongToken.toString()).fails("login", "does not accept this token");
        assertThat(server.program().isAlive()).isTrue();
    }

    @Test
    void theClientNamesWhatStandsBetweenVisitorsAndIt() throws Exception {
        int closed = programs.closing(new ClosedPort()).number();
        programs.server("--domain", "127.0.0.1.nosuch.invalid", "--bind", "127.0.0.1", "--public-url",
                "http://*.127.0.0.1.nosuch.invalid:" + closed);
        Outcome outcome = run("tunnel-client", "doctor", "--server", "127.0.0.1:" + controlPort());
        outcome.fails("names in DNS", "Make a DNS record for *.127.0.0.1.nosuch.invalid");
        outcome.fails("HTTP port", "unknown host");
        outcome.fails("visit by port", "unknown host");
    }

    private int controlPort() throws Exception {
        String join = Programs.joinString(programs.serverState());
        return Integer.parseInt(join.replaceFirst(".*:(\\d+)\\?.*", "$1"));
    }

    @Test
    void aPublicUrlWhereNobodyListensIsNamed() throws Exception {
        int closed = programs.closing(new ClosedPort()).number();
        programs.server("--public-url", "http://*.localhost:" + closed);
        Outcome outcome = run("tunnel-client", "doctor");
        outcome.fails("HTTP port", "connection refused");
        assertThat(outcome.of("visit by port").verdict).isEqualTo("ok");
    }

    @Test
    void theServerNamesWhatIsWrongOnItsMachine() throws Exception {
        Programs.Server other = programs.server();
        List<String> options = new ArrayList<>(List.of(
                "--domain", "nosuch.invalid", "--bind", "127.0.0.1", "--control-port", Integer.toString(other.controlPort()),
                "--http-port", Integer.toString(other.httpPort()), "--state-dir", programs.path("another").toString(), "doctor"));
        Outcome before = run("tunnel-server", options.toArray(String[]::new));
        before.fails("domain", "no address for nosuch.invalid");
        before.fails("wildcard record", "Make a DNS record for *.nosuch.invalid");
        before.fails("control port", "it is in use");
        before.fails("HTTP port", "Choose another with --http-port");
        assertThat(before.of("state directory").text).contains("the first start makes it");

        Path state = programs.serverState();
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setLastModifiedTime(state.resolve("join"), FileTime.from(Instant.now().plusSeconds(7200)));
        Files.writeString(state.resolve("tokens"), "nonsense\n");
        Outcome broken = run("tunnel-server", "doctor");
        broken.fails("state directory", "chmod -R go= " + state);
        broken.fails("clock", "was written later");
        broken.fails("key and tokens", "tokens, line 1");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void fewFilesAreNamedByBoth() throws Exception {
        for (String program : List.of("tunnel-server", "tunnel-client")) {
            ProcessBuilder builder = programs.builder(program, "doctor");
            List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 400; exec \"$@\"", "sh"));
            command.addAll(builder.command());
            outcome(programs.closing(new RunningProgram(builder.command(command)))).fails("open files", "ulimit -n");
        }
    }
}
