package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.Token;

class LoginIT {
    private static final Token TOKEN = Token.random();
    private static final String JOIN = new JoinString(
                    TOKEN, new HostPort("tunnel.example.com", 7000), new Pin(Bytes.random(32)))
            .text();

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
    void savesWhatStandardInputSaysPrivateToItsOwner() throws Exception {
        RunningProgram login = programs.start("tunnel-client", "login");
        login.type(JOIN + "\n");

        assertThat(login.exitCode()).isZero();
        assertThat(login.out()).isEmpty();
        assertThat(login.err())
                .containsExactly("saved in " + programs.savedJoinFile() + " for the server at tunnel.example.com:7000");
        assertThat(programs.savedJoinFile()).hasContent(JOIN);
        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void savesAnArgumentTooButWarnsOfTheShellsHistory() throws Exception {
        Files.createDirectories(programs.savedJoinFile().getParent());
        Files.writeString(programs.savedJoinFile(), "an older one, open to all");
        RunningProgram login = programs.start("tunnel-client", "login", JOIN);

        assertThat(login.exitCode()).isZero();
        assertThat(login.err())
                .containsExactly(
                        "saved in " + programs.savedJoinFile() + " for the server at tunnel.example.com:7000",
                        "Your shell may keep the join string in its history; it holds a secret token. Next time run"
                                + " 'tunnel-client login' and paste it when asked");
        assertThat(programs.savedJoinFile()).hasContent(JOIN);
        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void refusesABadStringWithoutShowingItAndKeepsWhatWasSaved() throws Exception {
        Files.createDirectories(programs.savedJoinFile().getParent());
        Files.writeString(programs.savedJoinFile(), JOIN);
        RunningProgram cutOff = programs.start("tunnel-client", "login", JOIN.replaceFirst(".@", "@"));
        RunningProgram nothing = programs.start("tunnel-client", "login");
        nothing.type("");
        RunningProgram misplaced = programs.start("tunnel-client", JOIN);

        assertRefused(
                cutOff,
                "tunnel-client login: that is not a join string: the token is not 43 letters, digits, '-' and '_'; was it"
                        + " copied whole?",
                "Try 'tunnel-client login --help'.");
        assertRefused(
                nothing,
                "tunnel-client login: that is not a join string: a join string begins with tunnel://; was it copied whole?",
                "Try 'tunnel-client login --help'.");
        assertThat(misplaced.exitCode()).isEqualTo(2);
        assertThat(misplaced.err().getFirst())
                .startsWith("tunnel-client: 'tunnel://…" + JOIN.substring(JOIN.indexOf('@')) + "' is not expected here");
        assertThat(programs.savedJoinFile()).hasContent(JOIN);
    }

    private static void assertRefused(RunningProgram login, String... lines) throws Exception {
        assertThat(login.exitCode()).isEqualTo(2);
        assertThat(login.err()).containsExactly(lines);
        assertThat(login.err()).noneMatch(line -> line.contains(TOKEN.text().substring(0, 40)));
        assertThat(login.out()).isEmpty();
    }

    @Test
    void saysWhyItCannotSave() throws Exception {
        programs.file("config", "a file where the folder should be");
        RunningProgram login = programs.start("tunnel-client", "login", JOIN);

        assertThat(login.exitCode()).isEqualTo(1);
        assertThat(login.err())
                .isEqualTo(List.of("tunnel-client: cannot save the join string in " + programs.savedJoinFile()
                        + ": Not a directory. Mend that, or keep the string in another file and name it with --join-file"));
    }

    private String permissions() throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(programs.savedJoinFile()));
    }
}
