package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What keeps a server from starting is named in one line, with exit code 1.
class ServerStartIT {
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
    void aPortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = "" + taken.getLocalPort();
            assertFails(
                    "cannot listen on port " + port + " of 127.0.0.1 for the control port: it is in use. Choose another with"
                            + " --control-port, or 0 for any free one",
                    "--bind", "127.0.0.1", "--control-port", port, "--http-port", "0");
            assertFails(
                    "cannot listen on port " + port + " of 127.0.0.1 for the HTTP edge: it is in use. Choose another with"
                            + " --http-port, or 0 for any free one",
                    "--bind", "127.0.0.1", "--control-port", "0", "--http-port", port);
        }
    }

    @Test
    void anAddressOfAnotherMachine() throws Exception {
        assertFails(
                "cannot listen on port 0 of 192.0.2.1 for the control port: the address is not this machine's. Choose another"
                        + " with --bind",
                "--bind", "192.0.2.1", "--control-port", "0");
    }

    @Test
    void aStateDirectoryThatOthersCanOpen() throws Exception {
        Path folder = Files.createDirectory(
                programs.path("shared"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        assertFails(
                "the state directory " + folder + " is open to other users, who could read its keys. Choose one of its own"
                        + " with --state-dir, or make this one private: chmod 700 " + folder,
                "--state-dir", folder.toString());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aStateDirectoryThatIsAFile() throws Exception {
        Path file = programs.file("a-file", "");
        assertFails(
                "cannot use the state directory " + file + ": it is a file, not a folder. Choose another with --state-dir",
                "--state-dir", file.toString());
    }

    @Test
    void aStateDirectoryThatAnotherServerUses() throws Exception {
        Programs.Server first = programs.server();
        assertFails(
                "another tunnel-server, process " + first.program().pid() + ", uses the state directory "
                        + programs.serverState()
                        + ". Stop it, take its place with --take-over, or give this one another folder with --state-dir",
                "--control-port", "0", "--http-port", "0");
        assertThat(first.program().isAlive()).isTrue();
    }

    @Test
    void stateThatIsNoGood() throws Exception {
        Path folder = Files.createDirectory(
                programs.path("broken"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(folder.resolve("join"), "tunnel://nonsense");
        assertFails(
                folder.resolve("join") + " is not a join string: a join string looks like"
                        + " tunnel://TOKEN@HOST:7000?pin=sha256:…. Remove it for a new token; clients then need the new join string",
                "--state-dir", folder.toString(), "--control-port", "0", "--http-port", "0");
    }

    private void assertFails(String why, String... options) throws Exception {
        RunningProgram server = programs.start("tunnel-server", options);
        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.err()).containsExactly("tunnel-server: " + why);
        assertThat(server.out()).isEmpty();
    }
}
