package tunnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.cli.Program;
import tunnel.config.Problem;
import tunnel.config.Setting;
import tunnel.fixture.TomlExamples;

class ServerConfigTest {
    @TempDir
    private Path folder;

    private ServerConfig config(String text) throws IOException {
        return ServerConfig.read(Files.writeString(folder.resolve("server.toml"), text));
    }

    private List<String> problems(String text) throws IOException {
        return config(text).problems().stream()
                .map(Problem::toString)
                .map(line -> line.replace(folder + "/server.toml:", ""))
                .toList();
    }

    /// So that no key is missed: those of the options, whoever has added one.
    @Test
    void theExampleInTheDocumentsHasEveryKeyAndIsGood() throws Exception {
        ServerConfig example = config(TomlExamples.of("configuration.md").getLast());

        assertThat(example.problems()).isEmpty();
        assertThat(example.file().top().settings().stream().map(Setting::key).collect(Collectors.toSet()))
                .isEqualTo(ServerConfig.keys().options().keySet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "http-prt = 80 | 1:1: unknown key 'http-prt'. Did you mean http-port?",
        "[server] | 1:1: 'server' is a table, and this file has none: leave the heading out",
        "domain = '*.example.com' | 1:1: domain: '*.example.com' is not a domain name: write it as in tunnel.example.com",
        "bind = ['127.0.0.1', 'nowhere.invalid'] | 1:1: bind: 'nowhere.invalid' is not an address of this machine: write one, as in 127.0.0.1 or ::",
        "control-port = 'http' | 1:1: control-port: 'http' is not a port: write 1 to 65535, or 0 for any",
        "http-port = -1 | 1:1: http-port: '-1' is not a port: write 1 to 65535, or 0 for any",
        "ports = '9-5' | 1:1: ports: '9-5' is not a range of ports: write FIRST-LAST, as in 20000-20999",
        "public-url = 'x' | 1:1: public-url: 'x' is not the address of this server's tunnels: write it as in https://*.localhost",
        "trusted-proxies = ['10.0.0.0/33'] | 1:1: trusted-proxies: /33 is not a prefix length of 10.0.0.0",
        "access-log = '' | 1:1: access-log: it is empty, as an unset variable is: write a path",
        "access-log-format = 'xml' | 1:1: access-log-format: 'xml' is not a format: write combined or json",
        "max-visitors = 0 | 1:1: max-visitors: '0' is not a number from 1 to 9999999",
        "max-visitors-per-address = 'x' | 1:1: max-visitors-per-address: 'x' is not a number from 1 to 9999999",
        "max-visitors-per-tunnel = 1.5 | 1:1: max-visitors-per-tunnel: a number with a point is not a value here: write \"N\"",
        "idle-timeout = 60 | 1:1: idle-timeout: '60' is not a time: write it as in 30s, 500ms or 2m",
        "stream-lifetime = 'x' | 1:1: stream-lifetime: 'x' is not a time: write it as in 30s, 500ms or 2m",
        "max-sessions-per-token = [1] | 1:1: max-sessions-per-token has one value: write it without brackets",
        "lease-grace = 'soon' | 1:1: lease-grace: 'soon' is not a lifetime: write it as in 30d, 12h or 90m",
        "state-dir = '' | 1:1: state-dir: it is empty, as an unset variable is: write a path",
        "drain = 'soon' | 1:1: drain: 'soon' is not a time: write it as in 30s, 500ms or 2m",
        "take-over = 'x' | 1:1: take-over: write true or false, without quotes",
        "plain = 'yes' | 1:1: plain: 'yes' is not a mode: write plain on loopback, or plain = \"insecure\"",
        "verbose = 1 | 1:1: verbose: write true or false, without quotes",
    })
    void whatIsWrongIsNamedWithItsPlace(String line, String problem) throws IOException {
        assertThat(problems(line + "\n")).containsExactly(problem);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws IOException {
        assertThat(problems("htp-port = 1\ndomain = x\n  http-port = 'a'\n")).containsExactly(
                "1:1: unknown key 'htp-port'. Did you mean http-port?",
                "2:10: unexpected 'x', expected a value. Text goes in quotes, as in \"tunnel.example.com\"",
                "3:3: http-port: 'a' is not a port: write 1 to 65535, or 0 for any");
    }

    @Test
    void whatIsWrongWithSeveralKeysTogetherStandsAtTheFirstOfThem() throws IOException {
        assertThat(problems("bind = '0.0.0.0'\nplain = true\n")).singleElement().asString()
                .startsWith("2:1: plain without TLS would listen beyond loopback");
    }

    @Test
    void commandsUseTheFileThatIsNamedBeforeTheirWord() throws Exception {
        Path file = Files.writeString(folder.resolve("named.toml"), "domain = 'named.example'\nstate-dir = './named'\n");
        ServerCommand command = new ServerCommand();
        Program.commandLine(command).parseArgs("--config", file.toString(), "doctor");

        assertThat(command.mergedSettings().domain()).isEqualTo("named.example");
        assertThat(ServerConfig.stateDirectory(command.configArguments())).isEqualTo(folder.resolve("named"));
    }
}
