package tunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tunnel.cli.Program;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.Token;

/// What of several sources counts for a client.
class FileArgumentsTest {
    @Command(name = "sample")
    private static final class Sample {
        @Mixin
        private ServerArguments server = new ServerArguments();

        @Mixin
        private FileArguments file = new FileArguments();

        @Mixin
        private RunArguments run = new RunArguments();
    }

    @TempDir
    private Path folder;

    private final Sample sample = new Sample();
    private final JoinString join = new JoinString(Token.random(), new HostPort("typed.example", 7000), Pin.NOBODY);
    private void settle(String text, String... typed) throws Exception {
        Files.writeString(folder.resolve("join"), join.text());
        Files.writeString(folder.resolve("client.toml"), text);
        Program.commandLine(sample).parseArgs(typed);
        var _ = sample.file.settle();
    }

    private String config() {
        return "--config=" + folder.resolve("client.toml");
    }

    @Test
    void aJoinFileThatIsTypedIsForItsOwnServer() throws Exception {
        settle("server = 'file.example'\n", config(), "--join-file=" + folder.resolve("join"));

        assertThat(sample.server.join()).isEqualTo(join);
    }

    @Test
    void aServerThatIsTypedIsInsteadOfThatInTheJoinFile() throws Exception {
        settle("join-file = './join'\n", config(), "--server=moved.example");

        assertThat(sample.server.join().server().host()).isEqualTo("moved.example");
    }

    @Test
    void quietThatIsTypedIsNotContradictedByTheFile() throws Exception {
        settle("verbose = true\n", config(), "--quiet");

        assertThatCode(sample.run::check).doesNotThrowAnyException();
    }

    @Test
    void aTokenOfTheFileIsInNoJoinFile() throws Exception {
        settle("token = '" + join.text() + "'\n", config());

        assertThat(sample.server.join()).isEqualTo(join);
        assertThat(sample.server.file()).isNull();
    }
}
