package tunnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tunnel.cli.PlainMode;
import tunnel.cli.Program;
import tunnel.home.Home;

/// Command line over environment over file over default.
class SourcesTest {
    private static final Rules RULES = new Rules(
            List.of(new Rules.Either("domain", "state-dir"), new Rules.Either("plain", "verbose")),
            List.of(new Rules.Part("bind", "domain", text -> text.isEmpty() || text.equals("whole"))));

    private final Sample sample = new Sample();

    private Sources apply(Map<String, String> environment, @Nullable ConfigFile file, String... typed) throws Exception {
        CommandLine command = Program.commandLine(sample);
        command.parseArgs(typed);
        Sources sources = new Sources(environment, file);
        sources.apply(command.getCommandSpec(), Sample::keys, RULES);
        return sources;
    }

    @Test
    void theNearestSourceWins() throws Exception {
        ConfigFile file = Sample.file("http-port = 1", "domain = 'file'", "bind = ['file']", "verbose = true");
        Map<String, String> environment = Map.of("TUNNEL_HTTP_PORT", "2", "TUNNEL_DOMAIN", "environment");

        Sources sources = apply(environment, file, "--http-port=3");

        assertThat(sample.port).isEqualTo(3);
        assertThat(sample.domain).isEqualTo("environment");
        assertThat(sample.bind).containsExactly("file");
        assertThat(sample.verbose).isTrue();
        assertThat(sample.headers).isEmpty();
        assertThat(sources.of("http-port")).isEqualTo(Sources.Source.COMMAND_LINE);
        assertThat(sources.of("domain")).isEqualTo(Sources.Source.ENVIRONMENT);
        assertThat(sources.of("bind")).isEqualTo(Sources.Source.FILE);
        assertThat(sources.of("header")).isEqualTo(Sources.Source.DEFAULT);
    }

    @Test
    void aListIsAsManyOptions() throws Exception {
        apply(Map.of(), Sample.file("bind = ['a,b', 'c']", "header = ['A: 1, 2', 'B: ${HOME}']"));

        assertThat(sample.bind).containsExactly("a", "b", "c");
        assertThat(sample.headers).containsExactly("A: 1, 2", "B: ${HOME}");
    }

    @Test
    void aListOnTheCommandLineReplacesThatOfTheFile() throws Exception {
        apply(Map.of(), Sample.file("bind = ['a']"), "--bind=b");

        assertThat(sample.bind).containsExactly("b");
    }

    @Test
    void aVariableThatIsEmptyIsNotSet() throws Exception {
        apply(Map.of("TUNNEL_DOMAIN", ""), Sample.file("domain = 'file'"));

        assertThat(sample.domain).isEqualTo("file");
    }

    @ParameterizedTest
    @CsvSource({"true, LOOPBACK", "false, OFF", "'\"insecure\"', INSECURE"})
    void anOptionThatMayStandAloneIsTrueFalseOrItsValue(String value, PlainMode mode) throws Exception {
        apply(Map.of(), Sample.file("plain = " + value));
        assertThat(sample.plain).isEqualTo(mode);

        apply(Map.of("TUNNEL_PLAIN", value.replace("\"", "")), null);
        assertThat(sample.plain).isEqualTo(mode);
    }

    @Test
    void aRelativePathIsSeenFromTheFile() throws Exception {
        apply(Map.of(), Sample.file("state-dir = '../state'"));
        assertThat(sample.state).isEqualTo(Path.of("/etc/state"));

        apply(Map.of(), Sample.file("state-dir = '~/state'"));
        assertThat(sample.state).isEqualTo(Home.ofThisUser().home().resolve("state"));
    }

    @Test
    void ofTwoOfWhichOneIsEnoughTheNearerCounts() throws Exception {
        apply(Map.of("TUNNEL_DOMAIN", "d"), Sample.file("state-dir = 's'"));
        assertThat(sample.domain).isEqualTo("d");
        assertThat(sample.state).isNull();
    }

    @Test
    void twoOfWhichOneIsEnoughInTheSamePlaceAreWrong() {
        assertThatThrownBy(() -> apply(Map.of("TUNNEL_DOMAIN", "d", "TUNNEL_STATE_DIR", "s"), null))
                .hasMessage("both TUNNEL_DOMAIN and TUNNEL_STATE_DIR are set. Leave one of them out");
        assertThatThrownBy(() -> apply(Map.of(), Sample.file("domain = 'd'", "state-dir = 's'")))
                .hasMessage("both domain and state-dir stand in /etc/x/sample.toml. Leave one of them out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "TUNNEL_HTTP_PORT | http | TUNNEL_HTTP_PORT: 'http' is not a port: write 1 to 65535, or 0 for any",
        "TUNNEL_VERBOSE | yes | TUNNEL_VERBOSE: write true or false",
        "TUNNEL_PLAIN | yes | TUNNEL_PLAIN: 'yes' is not a mode: write plain on loopback, or plain = \"insecure\"",
    })
    void aVariableWithNoGoodValueIsNamed(String variable, String value, String message) {
        assertThatThrownBy(() -> apply(Map.of(variable, value), null))
                .isInstanceOf(ParameterException.class)
                .hasMessage(message);
    }

    @Test
    void allValuesOfTheFileThatAreNotGoodAreToldAtOnce() {
        assertThatThrownBy(() -> apply(Map.of(), Sample.file("verbose = 'x'", "", "  http-port = 70000"), "--http-port=1"))
                .isInstanceOf(BadFileException.class)
                .hasMessage("/etc/x/sample.toml:1:1: verbose: write true or false, without quotes\n"
                        + "/etc/x/sample.toml:3:3: http-port: '70000' is not a port: write 1 to 65535, or 0 for any");
        assertThat(sample.port).as("what was typed").isEqualTo(1);
    }

    @Test
    void whatABetterSourceSaysInOnePieceIsNotChangedByAWorseOne() throws Exception {
        ConfigFile file = Sample.file("bind = ['file']");

        apply(Map.of("TUNNEL_DOMAIN", "whole"), file);
        assertThat(sample.bind).isEmpty();

        apply(Map.of("TUNNEL_BIND", "environment"), null, "--domain=whole");
        assertThat(sample.bind).isEmpty();

        apply(Map.of("TUNNEL_DOMAIN", "part"), file);
        assertThat(sample.bind).containsExactly("file");
    }

    @Test
    void whatABetterSourceOrTheSameOneSaysOfAPartCounts() throws Exception {
        apply(Map.of("TUNNEL_DOMAIN", "whole", "TUNNEL_BIND", "environment"), null);

        assertThat(sample.bind).containsExactly("environment");
    }

    @Test
    void ofTwoThatContradictEachOtherTheBetterSourceWins() throws Exception {
        apply(Map.of(), Sample.file("verbose = true"), "--plain");

        assertThat(sample.plain).isEqualTo(PlainMode.LOOPBACK);
        assertThat(sample.verbose).isFalse();
    }

    @Test
    void aFlagThatIsFalseContradictsNothing() throws Exception {
        apply(Map.of("TUNNEL_VERBOSE", "false"), Sample.file("plain = true"));

        assertThat(sample.plain).isEqualTo(PlainMode.LOOPBACK);
    }
}
