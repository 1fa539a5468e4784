package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tunnel.fixture.ClosedPort;

/// The screen as its user sees it, in a terminal.
class ScreenIT {
    private static final String BEFORE = "what was there before";

    private static Programs programs;
    private static LocalApp app;
    private static Programs.Server server;

    @BeforeAll
    static void startServer() throws Exception {
        programs = new Programs();
        Tool.named("tmux");
        app = programs.closing(new LocalApp());
        server = programs.server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        programs.close();
    }

    private static Tmux terminal(int columns, int rows) throws Exception {
        Tmux terminal = new Tmux(programs, columns, rows);
        terminal.type("echo " + BEFORE);
        terminal.await("^" + BEFORE + "$");
        return terminal;
    }

    @Test
    void itFollowsTheWindowStandsStillAndGivesTheTerminalBack() throws Exception {
        try (ClosedPort away = new ClosedPort();
                Tmux terminal = terminal(80, 24)) {
            terminal.start(programs, "", "--local", "" + away.number(), "--name", "shown");
            terminal.await("^Session    ● online for ");
            terminal.await("^Server     localhost:" + server.controlPort() + ", round trip [0-9.]+ m?s$");
            terminal.await("^Tunnel     http://shown.localhost:" + server.httpPort() + " → http://localhost:" + away.number() + "$");
            terminal.await("^           http://localhost:\\d+$");
            terminal.await("^Requests   \\d+ in all, 0 open ");
            terminal.await("^tunnel-client {48}q or Ctrl-C to quit$");
            assertThat(terminal.modes()).isEqualTo("0,1");
            assertThat(terminal.coloured()).contains("\033[32m● online");
            assertThat(terminal.text()).doesNotContain(BEFORE);

            assertThat(Visit.get(server.httpPort(), "shown.localhost", "/")).startsWith("HTTP/1.1 502");
            terminal.await("^           cannot reach localhost:" + away.number() + ": [a-z ]+\\. Is your app\\R +running\\?");
            terminal.await("^\\d\\d:\\d\\d:\\d\\d  GET     / .* \\d+ m?s +\\d+ B$");

            terminal.resize(200, 50);
            terminal.await("^tunnel-client {168}q or Ctrl-C to quit$");
            terminal.resize(30, 6);
            terminal.await("\\A● online for .*\\Rhttp://shown.localhost:" + server.httpPort() + " …$");
            terminal.resize(80, 24);
            terminal.await("^tunnel-client {48}q or Ctrl-C to quit$");

            terminal.press("x", "C-z");
            terminal.await("Stopped");
            terminal.awaitShell(BEFORE);
            terminal.type("fg");
            terminal.await("^Session    ● online for ");
            terminal.press("q");
            terminal.awaitShell(BEFORE);
            terminal.await(" WARN .* cannot reach localhost:" + away.number() + ": ");
        }
    }

    @Test
    void aStoppedTerminalStopsNothingElseAndComesBackToItself() throws Exception {
        try (Tmux terminal = terminal(80, 24)) {
            terminal.start(programs, "; echo code $?", "--local", "" + app.port(), "--name", "halted", "--qr");
            terminal.await("http://halted.localhost");
            terminal.await("█▀▀▀▀▀█");

            terminal.press("C-s");
            for (int i = 0; i < 20; i++) {
                assertThat(Visit.get(server.httpPort(), "halted.localhost", "/" + i)).startsWith("HTTP/1.1 200");
            }
            ProcessHandle client = Tmux.process("--local " + app.port() + " --name halted --qr");
            assertThat(client.destroy()).as("SIGTERM sent").isTrue();
            client.onExit().get(RunningProgram.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            terminal.press("C-q");
            terminal.await("^code 0$");
            terminal.awaitShell(BEFORE);
        }
    }

    @Test
    void aLostServerIsWaitedForAndACrashLeavesTheTerminalAsItWas() throws Exception {
        try (Programs others = new Programs();
                Tmux terminal = new Tmux(others, 200, 50)) {
            Programs.Server first = others.server();
            terminal.type("echo " + BEFORE);
            terminal.start(others, "", "--local", "" + app.port(), "--name", "again");
            terminal.await("● online");
            first.program().kill();
            terminal.await("^Session    ● reconnecting for \\d+ s, (trying again|next try in \\d+ s)$");
            terminal.await("^ +cannot reach localhost:" + first.controlPort() + ": .* Is tunnel-server running there\\?$");
            others.server("--control-port", "" + first.controlPort(), "--http-port", "" + first.httpPort());
            terminal.await("● online");
            terminal.awaitNo("cannot reach.*running there\\?$(?s:.*)^$");

            Tmux.process("--local " + app.port() + " --name again").destroyForcibly(); // and no other build's
            terminal.await("^tunnel-client: it was killed, or ran out of memory\\.");
            terminal.press("Enter");
            terminal.awaitShell(BEFORE);
        }
    }

    @Test
    void aRefusalIsToldAfterTheWindowIsGivenBackAndLinesNeedNoScreen() throws Exception {
        try (Tmux terminal = terminal(80, 24)) {
            terminal.start(programs, "; echo code $?", "--local", "" + app.port(), "--public-port", "1");
            terminal.await("^code 3$");
            terminal.await("^tunnel-client: (?s:.*)--public-port");
            terminal.awaitShell(BEFORE);

            terminal.type("clear");
            terminal.start(programs, " 2>log", "--local", "" + app.port(), "--name", "plain", "--quiet");
            terminal.await("^http://plain.localhost:" + server.httpPort() + " -> http://localhost:" + app.port() + "$");
            assertThat(terminal.modes()).isEqualTo("1,0");
            terminal.press("C-c");
            terminal.type("cat log; echo end");
            terminal.await("^end$");
            assertThat(terminal.text()).doesNotContain("INFO");
        }
    }

    @Test
    void programsReadAnObjectALine() throws Exception {
        RunningProgram client = programs.start(
                "tunnel-client", "--local", "" + app.port(), "--name", "machine", "--output", "json", "--inspect", "off");
        client.awaitOut("^\\{\"event\":\"online\",");
        client.awaitOut("^\\{\"event\":\"ready\",.*\"url\":\"http://machine.localhost:" + server.httpPort()
                + "\",.*\"local\":\"http://localhost:" + app.port() + "\",.*\"name\":\"machine\",\"port\":\\d+}$");
        Visit.get(server.httpPort(), "machine.localhost", "/a?b=%22");
        client.awaitOut("^\\{\"event\":\"request\",.*\"method\":\"GET\",.*\"path\":\"/a\\?b=%22\",\"status\":200,\"micros\":\\d+,.*}$");
        assertThat(client.out()).allMatch(line -> line.startsWith("{\"event\":"));
    }
}
