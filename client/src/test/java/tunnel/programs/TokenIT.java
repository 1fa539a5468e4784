package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.protocol.JoinString;

/// `tunnel-server token`, for a server that runs and for one that does not.
class TokenIT {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

    private Programs programs;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    private RunningProgram token(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(arguments));
        RunningProgram program = programs.start("tunnel-server", all.toArray(String[]::new));
        program.exitCode();
        return program;
    }

    private static List<String> done(RunningProgram program) throws Exception {
        assertThat(program.exitCode()).as(program.toString()).isZero();
        return program.out();
    }

    private static void assertFails(RunningProgram program, int code, String... lines) throws Exception {
        assertThat(program.exitCode()).as(program.toString()).isEqualTo(code);
        assertThat(program.err()).containsExactly(lines);
        assertThat(program.out()).isEmpty();
    }

    private String added(String... arguments) throws Exception {
        RunningProgram add = token(arguments);
        assertThat(done(add)).hasSize(1);
        assertThat(add.err())
                .containsExactly("token " + arguments[1] + " is ready. Give its client this join string, by 'tunnel-client"
                        + " login'; it is secret, and not shown again");
        return add.out().getFirst();
    }

    @Test
    void aRunningServerAddsListsAndRevokesAndItsClientEnds() throws Exception {
        Programs.Server server = programs.server();
        String first = Programs.joinString(programs.serverState());
        String join = added("add", "shop", "--names", "shop-*,blog", "--ports", programs.ports(), "--expires", "30d");
        assertThat(join.replaceFirst("//.*@", "//@")).isEqualTo(first.replaceFirst("//.*@", "//@"));
        assertThat(join).isNotEqualTo(first);

        Path file = programs.file("join", join);
        RunningProgram client =
                programs.client("--local", "4000", "--name", "shop-1", "--join-file", file.toString());
        List<String> table = done(token("list"));
        assertThat(table.getFirst()).matches("NAME +ID +NAMES +HOSTS +PORTS +CREATED +EXPIRES +SESSIONS");
        assertThat(table.get(1)).matches("first +[0-9a-f]{8} +\\* +\\* +1-65535 +" + TIME + " +- +0");
        assertThat(table.get(2))
                .matches("shop +" + JoinString.parse(join).token().id().hex().substring(0, 8) + " +shop-\\*,blog +- +"
                        + programs.ports() + " +" + TIME + " +" + TIME + " +1");
        assertThat(table).hasSize(3);

        RunningProgram revoke = token("revoke", "shop");
        assertThat(done(revoke)).isEmpty();
        assertThat(revoke.err()).containsExactly("token shop is revoked; sessions ended: 1");
        assertThat(client.exitCode()).isEqualTo(3);
        assertThat(client.err().getLast())
                .isEqualTo("tunnel-client: the server ended the session for good: this token was revoked. Ask whoever runs the"
                        + " server for a new join string");
        assertThat(done(token("list"))).hasSize(2);

        assertFails(
                token("revoke", "shop"),
                1,
                "tunnel-server: there is no token shop. See which there are: tunnel-server token list");
        assertFails(
                token("add", "first"),
                1,
                "tunnel-server: there is a token first already. Choose another name, or revoke that one first: tunnel-server"
                        + " token revoke first");
        assertThat(server.program().err()).noneMatch(line -> line.contains(JoinString.parse(join).token().text()));
    }

    @Test
    void aStoppedServersFilesAreChangedInItsPlace() throws Exception {
        Programs.Server server = programs.server("--plain");
        server.program().kill(); // leaves its socket behind
        assertThat(programs.serverState().resolve("admin.sock")).exists();

        String join = added("add", "shop", "--hosts", "*.example.org");
        assertThat(done(token("list")))
                .anyMatch(line -> line.matches("shop +[0-9a-f]{8} +- +\\*\\.example\\.org +- +" + TIME + " +- +-"));
        assertThat(Files.readString(programs.serverState().resolve("tokens"))).doesNotContain(JoinString.parse(join).token().text());
        assertPrivate("tokens");
        added("add", "gone");
        assertThat(token("revoke", "gone").err()).containsExactly("token gone is revoked; sessions ended: 0");

        programs.server("--plain", "--control-port", "" + server.controlPort());
        assertPrivate("admin.sock");
        Path file = programs.file("join", join);
        programs.client("--local", "4000", "--plain", "--join-file", file.toString());
        assertThat(done(token("list"))).hasSize(3).anyMatch(line -> line.matches("shop .* 1"));
    }

    private void assertPrivate(String name) throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(programs.serverState().resolve(name))))
                .isEqualTo("rw-------");
    }

    @Test
    void beforeTheFirstStartThereIsNoAddressToJoinAt() throws Exception {
        assertFails(
                token("add", "shop"),
                1,
                "tunnel-server: there is no state directory " + programs.serverState()
                        + ". Start tunnel-server once first, or name another with --state-dir");
        Path empty = Files.createDirectory(
                programs.path("empty"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertFails(
                token("add", "shop", "--state-dir", empty.toString()),
                1,
                "tunnel-server: there is no join file in " + empty + ", so the server's address and key are not known. Start"
                        + " tunnel-server once first");
        assertThat(done(token("list", "--state-dir", empty.toString()))).hasSize(1);
    }

    @Test
    void aStateDirectoryWhosePathIsTooLongForASocketServesAllTheSame() throws Exception {
        Path deep = programs.path("d".repeat(110));
        Programs.Server server = programs.server("--state-dir", deep.toString());
        server.program().awaitErr("WARN .*cannot listen at " + deep + "/admin.sock: .*choose a shorter one with --state-dir$");
        assertFails(
                token("list", "--state-dir", deep.toString()),
                1,
                "tunnel-server: a tunnel-server uses the state directory " + deep + " and does not answer there. If it is starting"
                        + " or stopping try again in a moment, otherwise stop it first");
    }

    @Test
    void rootLeavesNoFilesThatTheServersUserCannotRead() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can be somebody else here");
        Path state = Files.createDirectory(
                programs.path("other"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setOwner(state, state.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        assertFails(
                token("list", "--state-dir", state.toString()),
                1,
                "tunnel-server: no server runs, and root would write files into " + state + " that its owner nobody cannot read."
                        + " Start the server first, or do this as nobody");
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void aLineThatIsNotUnderstoodIsNamed() throws Exception {
        Path state = Files.createDirectory(
                programs.path("odd"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path tokens = Files.writeString(state.resolve("tokens"), "00".repeat(16) + " " + "00".repeat(32) + " shop speed=fast\n");
        String why = "tunnel-server: " + tokens + ", line 1: 'speed' is not a field that this version knows. Restore the file from"
                + " a backup, or remove the line";
        assertFails(token("list", "--state-dir", state.toString()), 1, why);
        RunningProgram server = programs.start(
                "tunnel-server", "--state-dir", state.toString(), "--control-port", "0", "--http-port", "0");
        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.err()).containsExactly(why);
    }
}
