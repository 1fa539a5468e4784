package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What stands in a file or in the environment instead of on the command line, with the programs as users start them.
class ConfigIT {
    private static Programs programs;
    private static Programs.Server server;
    private static LocalApp app;

    @BeforeAll
    static void start() throws Exception {
        programs = new Programs();
        app = programs.closing(new LocalApp());
        Path file = programs.file("server.toml", "control-port = 0\nhttp-port = 0\nports = '" + programs.ports() + "'\nplain = true\n");
        server = programs.server("--config", file.toString()); // which adds what the file says, too
    }

    @AfterAll
    static void stop() throws Exception {
        programs.close();
    }

    private static Path client(String text) throws IOException {
        Path file = programs.savedJoinFile().resolveSibling("client.toml");
        Files.createDirectories(file.getParent());
        Path whole = Files.writeString(file.resolveSibling("next"), text);
        return Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String tunnel(String label, String name) {
        return "[tunnels." + label + "]\nlocal = " + app.port() + "\nname = '" + name + "'\n";
    }

    private static String answer(String name) throws Exception {
        return Visit.get(server.httpPort(), name + ".localhost:" + server.httpPort(), "/");
    }

    @Test
    void tunnelsAreStartedByNameAndFollowTheirFile() throws Exception {
        Path file = client("plain = true\n" + tunnel("web", "start-web") + tunnel("other", "start-other"));
        RunningProgram unknown = programs.start("tunnel-client", "start", "wbe");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).first().isEqualTo("tunnel-client start: there is no tunnel 'wbe' in " + file
                + ", which has web, other. Did you mean web?");

        RunningProgram client = programs.start("tunnel-client", "start", "web", "other", "--inspect=off");
        client.awaitOut("^http://start-web\\..* -> ");
        client.awaitOut("^http://start-other\\..* -> ");
        assertThat(answer("start-web")).contains("200 OK");

        client("plain = true\n" + tunnel("web", "start-web") + tunnel("other", "start-changed"));
        client.awaitErr("the configuration has changed: other changed$");
        client.awaitOut("^http://start-changed\\..* -> ");

        client("plian = true\n" + tunnel("web", "nothing-of-it"));
        client.awaitErr("ERROR .*client.toml:1:1: unknown key 'plian'. Did you mean plain\\?$");
        client.awaitErr("nothing of it is applied and all goes on as before$");
        assertThat(answer("start-web")).contains("200 OK");

        RunningProgram check = programs.start("tunnel-client", "config", "check");
        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.err()).containsExactly(file + ":1:1: unknown key 'plian'. Did you mean plain?");
        assertThat(check.out()).isEmpty();
    }

    @Test
    void shortCommandsAndTheEnvironmentDoWithoutAFile() throws Exception {
        ProcessBuilder builder = programs.builder(
                "tunnel-client", "http", "" + app.port(), "--name", "short-name", "--config", "off", "--inspect", "off");
        String join = Programs.joinString(programs.serverState());
        builder.environment().put("TUNNEL_PLAIN", "true");
        builder.environment().put("TUNNEL_TOKEN", join.replaceAll("tunnel://(.*)@.*", "$1"));
        builder.environment().put("TUNNEL_SERVER", "localhost:" + server.controlPort());
        RunningProgram http = programs.closing(new RunningProgram(builder));
        http.awaitOut("^http://short-name\\..* -> ");
        assertThat(answer("short-name")).contains("200 OK");
        http.signal("TERM");
        assertThat(http.exitCode()).isZero();

        RunningProgram tcp = programs.start(
                "tunnel-client", "tcp", "" + app.port(), "--plain", "--config", "off", "--inspect", "off");
        tcp.awaitOut("^tcp://localhost:\\d+ -> tcp://localhost:" + app.port() + "$");
    }

    @Test
    void aTokenAloneIsNotSentToWhoeverAnswers() throws Exception {
        ProcessBuilder builder = programs.builder("tunnel-client", "http", "" + app.port(), "--config", "off");
        builder.environment().put("TUNNEL_TOKEN", "A".repeat(43));
        builder.environment().put("TUNNEL_SERVER", "localhost:" + server.controlPort());
        RunningProgram client = programs.closing(new RunningProgram(builder));

        assertThat(client.exitCode()).isEqualTo(2);
        assertThat(client.err()).first().asString().contains("the token alone does not say how localhost:").contains("TUNNEL_PIN");
    }
}
