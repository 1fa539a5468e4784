package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;

/// `tunnel-client --local 4000 -- COMMAND`.
class WrapIT {
    private static final Duration SOON = Duration.ofSeconds(15);

    private static Programs programs;
    private static LocalApp app;
    private static Programs.Server server;

    @BeforeAll
    static void startServer() throws Exception {
        programs = new Programs();
        app = programs.closing(new LocalApp());
        server = programs.server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        programs.close();
    }

    private static RunningProgram wrapping(String... command) throws Exception {
        return wrapping(List.of(), command);
    }

    private static RunningProgram wrapping(List<String> options, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--local", "" + app.port()));
        arguments.addAll(options);
        arguments.add("--");
        arguments.addAll(List.of(command));
        return programs.start("tunnel-client", arguments.toArray(String[]::new));
    }

    /// Says `up NUMBER` once it is there, the number of a process that it has started, which outlives it if it can.
    private static String withChild(String script) {
        return "sleep 300 >&- 2>&- & " + script + "; echo up $!; while :; do sleep 0.1; done";
    }

    private static void awaitGone(String pid) {
        await("process " + pid + " is gone")
                .atMost(RunningProgram.PATIENCE)
                .until(() -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void itsExitCodeIsTheCommandsWhichMayLeaveSomethingOnPurpose() throws Exception {
        RunningProgram client = wrapping("sh", "-c", "sleep 300 >&- 2>&- & echo up $!; exit 7");
        String child = client.awaitOut("^up (\\d+)$").group(1);
        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(7);

        ProcessHandle left = ProcessHandle.of(Long.parseLong(child)).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @Test
    void ofACommandThatASignalEndsItIsWhatShellsSay() throws Exception {
        RunningProgram client = wrapping("sh", "-c", "kill -KILL $$");
        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(137);
    }

    @Test
    void theCommandHasTheAddressAndAllOfStandardInputAndOutput() throws Exception {
        RunningProgram client = wrapping(
                List.of("--name", "wrapped"), "sh", "-c", "echo $PUBLIC_URL; echo to-err >&2; read line; echo $line; cat", "a b");
        String url = client.awaitOut("^http://.*").group();
        assertThat(url).isEqualTo("http://wrapped.localhost:" + server.httpPort());
        String host = URI.create(url).getAuthority();
        assertThat(Visit.get(server.httpPort(), host, "/")).isEqualTo("HTTP/1.1 200 OK, the app saw /");

        client.type("first\nrest\n");
        assertThat(client.exitCode(SOON)).isZero();
        assertThat(client.out()).containsExactly(url, "first", "rest");
        assertThat(client.err()).contains("to-err", url + " -> http://localhost:" + app.port());
        assertThat(Visit.get(server.httpPort(), host, "/")).as("its name is free").startsWith("HTTP/1.1 404");
    }

    @Test
    void aSignalReachesTheCommandOnceAndNothingOfItStaysBehind() throws Exception {
        RunningProgram client = wrapping("sh", "-c", withChild("trap 'echo got INT; echo ends; exit 5' INT"));
        String child = client.awaitOut("^up (\\d+)$").group(1);
        client.signal("INT");

        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(5);
        assertThat(client.out()).containsExactly("up " + child, "got INT", "ends");
        awaitGone(child);
    }

    @Test
    void aShellThatDiesOfTheSignalTakesItsChildrenAlong() throws Exception {
        RunningProgram client = wrapping("sh", "-c", withChild(":"));
        String child = client.awaitOut("^up (\\d+)$").group(1);
        client.signal("TERM");

        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(143);
        awaitGone(child);
    }

    @Test
    void theSecondSignalEndsAllAtOnce() throws Exception {
        RunningProgram client = wrapping("sh", "-c", withChild("trap 'echo ignored' HUP TERM"));
        String child = client.awaitOut("^up (\\d+)$").group(1);
        client.signal("HUP");
        client.awaitOut("^ignored$");
        assertThat(client.isAlive()).isTrue();
        client.signal("TERM");

        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(143);
        awaitGone(child);
    }

    @Test
    void ctrlCInATerminalReachesTheCommandOnce() throws Exception {
        String launcher = Programs.ROOT.resolve("bin/tunnel-client").toString();
        ProcessBuilder builder = programs.builder("tunnel-client");
        builder.command(Tool.named("script")
                .builder(
                        "-qefc",
                        "exec " + launcher + " --local " + app.port() + " -- sh -c '"
                                + "trap \"echo got INT; sleep 1; exit 5\" INT; echo up; while :; do sleep 0.1; done'",
                        "/dev/null")
                .command());
        RunningProgram terminal = programs.closing(new RunningProgram(builder));
        terminal.awaitOut("up");
        terminal.type("\u0003");

        assertThat(terminal.exitCode(SOON)).as(terminal.toString()).isEqualTo(5);
        assertThat(terminal.out()).filteredOn(line -> line.contains("got INT")).hasSize(1);
    }

    @Test
    void aProgramThatIsNotThereIsSaidAtOnceAsShellsDo() throws Exception {
        RunningProgram client = wrapping(List.of("--join-file", "/nowhere"), "no-such-program", "--local", "x");
        assertThat(client.exitCode(SOON)).isEqualTo(127);
        assertThat(client.err())
                .containsExactly(
                        "tunnel-client: cannot start 'no-such-program': there is no such program on PATH. Is it installed?");
    }

    @Test
    void aRefusedTunnelStartsNoCommand() throws Exception {
        JoinString join = JoinString.parse(Programs.joinString(programs.serverState()));
        Path file = programs.file("unknown", new JoinString(Token.random(), join.server(), join.pin()).text());
        Path started = programs.path("started");
        RunningProgram client = wrapping(List.of("--join-file", file.toString()), "touch", started.toString());

        assertThat(client.exitCode(SOON)).isEqualTo(3);
        assertThat(Files.exists(started)).isFalse();
    }

    @Test
    void aTunnelThatIsTakenAwayForGoodEndsTheCommand() throws Exception {
        RunningProgram added = programs.start("tunnel-server", "token", "add", "ann");
        assertThat(added.exitCode()).isZero();
        Path file = programs.file("ann", added.out().getFirst());
        RunningProgram client =
                wrapping(List.of("--join-file", file.toString()), "sh", "-c", withChild("trap 'echo got TERM; exit' TERM"));
        String child = client.awaitOut("^up (\\d+)$").group(1);
        assertThat(programs.start("tunnel-server", "token", "revoke", "ann").exitCode()).isZero();

        assertThat(client.exitCode(SOON)).as(client.toString()).isEqualTo(3);
        assertThat(client.out()).contains("got TERM");
        awaitGone(child);
    }

    @Test
    void aSignalBeforeThereIsACommandIsTheEndToo() throws Exception {
        JoinString join = JoinString.parse(Programs.joinString(programs.serverState()));
        Path file = programs.file("away", join.at(new HostPort("127.0.0.1", 1)).text());
        RunningProgram client = wrapping(List.of("--join-file", file.toString()), "sleep", "300");
        client.awaitErr("Retrying");
        client.signal("TERM");

        assertThat(client.exitCode(SOON)).isEqualTo(143);
    }
}
