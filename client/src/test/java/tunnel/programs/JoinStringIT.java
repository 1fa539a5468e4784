package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;

/// Where the client's join string comes from.
class JoinStringIT {
    private Programs programs;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    @Test
    void aFileThatIsNamedGoesBeforeWhatWasSavedWhichGoesBeforeTheSameUsersServer() throws Exception {
        Path elsewhere = programs.path("another-server");
        Programs.Server own = programs.server("--plain");
        Programs.Server other = programs.server("--plain", "--state-dir", elsewhere.toString());
        save(Programs.joinString(elsewhere));

        assertThat(serverOf()).isEqualTo("localhost:" + other.controlPort());
        assertThat(serverOf("--join-file", programs.serverState().resolve("join").toString()))
                .isEqualTo("localhost:" + own.controlPort());

        // "--server" has the token and the key of the string, and only another address
        JoinString gone = JoinString.parse(Programs.joinString(elsewhere)).at(new HostPort("gone.invalid", 7000));
        save(gone.text());
        String address = "127.0.0.1:" + other.controlPort();
        assertThat(serverOf("--server", address)).isEqualTo(address);
    }

    /// Starts a client and reads from its log which server it has reached.
    private String serverOf(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--local", "4000", "--plain"));
        all.addAll(List.of(options));
        try (RunningProgram client = programs.start("tunnel-client", all.toArray(String[]::new))) {
            return client.awaitErr("connected to (\\S+) without TLS$").group(1);
        }
    }

    private void save(String joinString) throws Exception {
        Files.createDirectories(programs.savedJoinFile().getParent());
        Files.writeString(programs.savedJoinFile(), joinString + "\n");
    }

    @Test
    void withoutAnyTheClientSaysHowToGetOneAndEnds() throws Exception {
        RunningProgram client = programs.start("tunnel-client", "--local", "4000");

        assertThat(client.exitCode()).isEqualTo(3);
        assertThat(client.out()).isEmpty();
        assertThat(client.err())
                .containsExactly("tunnel-client: there is no join string, so no server would let this client in. Start"
                        + " tunnel-server on this machine, or run 'tunnel-client login' with the join string that your"
                        + " server printed");
    }

    @Test
    void aFileThatIsMissingOrNoGoodIsNamed() throws Exception {
        save("tunnel://whatever");
        RunningProgram bad = programs.start("tunnel-client", "--local", "4000");
        RunningProgram missing = programs.start("tunnel-client", "--local", "4000", "--join-file", "no/such");

        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err())
                .containsExactly("tunnel-client: the join file " + programs.savedJoinFile()
                        + " is not good: a join string looks like tunnel://TOKEN@HOST:7000?pin=sha256:…"
                        + ". Run 'tunnel-client login' with the join string that tunnel-server printed");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err())
                .containsExactly(
                        "tunnel-client: cannot read the join file no/such: there is no such file or folder. Name another with"
                                + " --join-file, or run 'tunnel-client login'");
    }
}
