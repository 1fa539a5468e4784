package tunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.config.BadFileException;
import tunnel.config.Problem;
import tunnel.config.Setting;
import tunnel.fixture.TomlExamples;

class ClientConfigTest {
    private static final String HOST_PORT = "Write HOST:PORT, as in localhost:4000 or [::1]:4000";

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void makeFiles() throws IOException {
        path = folder.resolve("client.toml");
        Files.createDirectory(folder.resolve("dist"));
        Files.writeString(folder.resolve("users.txt"), "ann:correct-horse\n");
    }

    private ClientConfig config(String... lines) throws IOException {
        Files.writeString(path, String.join("\n", lines) + "\n");
        return ClientConfig.read(path);
    }

    private List<String> problems(String... lines) throws IOException {
        return config(lines).problems().stream()
                .map(Problem::toString)
                .map(line -> line.replace(path + ":", "").replace(folder.toString(), "FOLDER"))
                .toList();
    }

    /// So that no key is missed: those of the options, whoever has added one.
    @Test
    void theExampleInTheDocumentsHasEveryKeyAndIsGood() throws Exception {
        ClientConfig example = config(TomlExamples.of("configuration.md").getFirst());

        assertThat(example.problems()).isEmpty();
        assertThat(keys(example.file().top().settings())).as("token and pin are told of in the text")
                .isEqualTo(ClientConfig.topKeys().options().keySet().stream()
                        .filter(key -> !Set.of("token", "pin").contains(key))
                        .collect(Collectors.toSet()));
        assertThat(example.file().sections().stream()
                        .flatMap(section -> section.settings().stream())
                        .map(Setting::key)
                        .collect(Collectors.toSet()))
                .isEqualTo(TunnelSection.keys().options().keySet());
    }

    private static Set<String> keys(List<Setting> settings) {
        return settings.stream().map(Setting::key).collect(Collectors.toSet());
    }

    @Test
    void aTunnelIsWhatTheSameOptionsSay() throws Exception {
        ClientConfig config = config("[tunnels.web]", "local = './dist'", "name = 'web'", "max-body = '10M'", "basic-auth = '@users.txt'",
                "[tunnels.db]", "local = 5432", "protocol = 'tcp'", "public-port = 20001", "wait-for-local = '5s'");

        List<TunnelSection> tunnels = config.tunnels(config.labels(), false);
        assertThat(tunnels).extracting(TunnelSection::label).containsExactly("web", "db");
        assertThat(tunnels.getFirst().wish()).satisfies(wish -> {
            assertThat(wish.label()).isEqualTo("web");
            assertThat(wish.local()).hasToString(folder.resolve("dist").toRealPath().toString());
            assertThat(wish.edge().maxBody()).isEqualTo(10 << 20);
            assertThat(wish.edge().credentials()).hasSize(1);
        });
        assertThat(tunnels.getLast().wish().publicPort()).isEqualTo(20001);
        assertThat(tunnels.getLast().wish().localWait()).hasSeconds(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "sever = 'x' | 1:1: unknown key 'sever'. Did you mean server?",
        "local = 4000 | 1:1: 'local' belongs under the heading of a tunnel, as in [tunnels.web]",
        "server = 'a:x' | 1:1: server: 'x' is not a port number",
        "server = 'a b' | 1:1: server: 'a b' is not a host name or address. " + HOST_PORT,
        "join-file = '' | 1:1: join-file: it is empty, as an unset variable is: write a path",
        "plain = 'yes' | 1:1: plain: 'yes' is not a mode: write plain on loopback, or plain = \"insecure\"",
        "exit-on-disconnect = 'no' | 1:1: exit-on-disconnect: write true or false, without quotes",
        "verbose = 1 | 1:1: verbose: write true or false, without quotes",
        "token = 'secret' | 1:1: token: the token is not 43 letters, digits, '-' and '_'; was it copied whole?",
        "token = 'tunnel://secret' | 1:1: token: a join string looks like tunnel://TOKEN@HOST:7000?pin=sha256:…",
        "pin = 'x' | 1:1: pin: the pin is not 'sha256:' and 43 letters, digits, '-' and '_'; was it copied whole?",
        "[tunnel.web] | 1:1: the heading [tunnel] is not known: write [tunnels.NAME], with a name of your choice",
        "[tunnels.'a b'] | 1:1: 'a b' is not what a tunnel can be called here: write letters, digits, - and _",
    })
    void whatIsWrongAboveTheHeadingsIsNamedWithItsPlace(String line, String problem) throws IOException {
        assertThat(problems(line)).first().isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "local = 'x' | 2:1: local: 'x' has no port. " + HOST_PORT,
        "local = './no' | 2:1: local: there is no folder 'FOLDER/no'. Write it as in ./dist",
        "locla = 4000 | 2:1: unknown key 'locla'. Did you mean local?",
        "server = 'x' | 2:1: 'server' belongs above all headings",
        "name = 'a' | 1:1: which local service? Give its port, as in local = 4000",
        "name = 'blue_otter' | 2:1: name: 'blue_otter' is not a name: write 1 to 63 letters a to z, digits and hyphens, with no hyphen first or last",
        "protocol = 'udp' | 2:1: protocol: 'udp' is not a protocol: write http or tcp",
        "public-port = 70000 | 2:1: public-port: '70000' is not a port: write 1 to 65535, or 0 for any",
        "wait-for-local = '10' | 2:1: wait-for-local: '10' is not a time: write it as in 30s, 500ms or 2m",
        "local-insecure = 'x' | 2:1: local-insecure: write true or false, without quotes",
        "host = ['a.example:80'] | 2:9: host: 'a.example:80' is not a host name: write it as in www.example.org, without a port",
        "basic-auth = ['ann:'] | 2:15: basic-auth: the password is empty: write USER:PASSWORD, as in ann:correct-horse",
        "basic-auth = ['@no'] | 2:15: basic-auth: cannot read 'FOLDER/no'. Write @FILE, as in @users.txt",
        "allow = ['::1', '10/8'] | 2:17: allow: '10/8' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32",
        "deny = 'home' | 2:1: deny: 'home' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32",
        "max-body = '10T' | 2:1: max-body: '10T' is not a size: write it as in 10M, 512K or 1G",
        "rate = 50 | 2:1: rate: '50' is not a rate: write it as in 50/s",
        "response-timeout = 30 | 2:1: response-timeout: '30' is not a time: write it as in 30s, 500ms or 2m",
        "host-header = 'a b' | 2:1: host-header: 'a b' is not a host: write it as in localhost:4000 or app.example.org",
        "request-header = ['X'] | 2:19: request-header: 'X' is not a header field: write it as in 'X-Robots-Tag: none'",
        "response-header = ['Via: a'] | 2:20: response-header: the header field Via cannot be set: the server itself needs it",
    })
    void whatIsWrongWithATunnelIsNamedWithItsPlace(String line, String problem) throws IOException {
        assertThat(problems("[tunnels.web]", line)).containsExactly(problem);
    }

    @Test
    void whatIsWrongWithSeveralKeysTogetherStandsAtTheFirstOfThem() throws IOException {
        assertThat(problems("[tunnels.db]", "local = 5432", "protocol = 'tcp'", "rate = '5/s'"))
                .containsExactly("4:1: rate is for HTTP: leave it out, or leave protocol = \"tcp\" out");
        assertThat(problems("[tunnels.a]", "local = 1", "local-insecure = true"))
                .containsExactly("3:1: local-insecure is for a local service with TLS: leave it out, or write local ="
                        + " \"https://localhost:8443\"");
    }

    @Test
    void whatOnlyOneTunnelCanHaveIsNotWrittenTwice() throws IOException {
        assertThat(problems("[tunnels.a]", "local = 1", "name = 'x'", "public-port = 9", "host = 'a.example'",
                        "[tunnels.b]", "local = 2", "name = 'X'", "public-port = 9", "host = ['b.example', 'a.example']"))
                .containsExactly(
                        "8:1: name: x is what [tunnels.a] has too. Only one tunnel can have it: write another",
                        "9:1: public-port: 9 is what [tunnels.a] has too. Only one tunnel can have it: write another",
                        "10:1: host: a.example is what [tunnels.a] has too. Only one tunnel can have it: write another");
    }

    @Test
    void onlyTheTunnelsThatAreToStartHaveToBeGood() throws Exception {
        ClientConfig config = config("[tunnels.a]", "local = 1", "[tunnels.b]", "local = './no'");

        config.checkForm();
        assertThat(config.tunnels(List.of("a"), false)).hasSize(1);
        assertThatThrownBy(() -> config.tunnels(List.of("b"), false)).isInstanceOf(BadFileException.class);
    }

    @Test
    void aFileWithSecretsThatOthersMayReadIsTold() throws IOException {
        assertThat(warning("basic-auth = ['@users.txt']", "rw-r--r--")).isEmpty();
        assertThat(warning("basic-auth = ['a:b']", "rw-------")).isEmpty();
        assertThat(warning("basic-auth = ['a:b']", "rw-r-----"))
                .isEqualTo("tunnel-client: other users of this machine may read " + path + ", which has basic-auth. Close it: chmod 600 "
                        + path + "\n");
        assertThat(warning("request-header = ['authorization: Bearer x']", "rw----r--")).contains("request-header");
    }

    private String warning(String line, String permissions) throws IOException {
        ClientConfig config = config("[tunnels.a]", "local = 1", line);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        var out = new ByteArrayOutputStream();
        config.warnIfOpen(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aChangeIsWhatIsDifferentAndTheRestIsTheSameWish() throws Exception {
        ClientConfig first = config("plain = true", "[tunnels.a]", "local = 1", "basic-auth = ['a:b']", "[tunnels.b]", "local = 2",
                "[tunnels.c]", "local = 3");
        var tunnels = new ConfiguredTunnels(first, null, false);
        List<ClientSettings.Wish> before = tunnels.wishes();

        ConfiguredTunnels.Change change = tunnels.changeTo(config("[tunnels.d]", "local = 4", "[tunnels.b]", "local = 5", "[tunnels.a]",
                "basic-auth = ['a:b']", "local = 1"));

        assertThat(change.news()).containsExactly("d added", "b changed", "c removed");
        assertThat(change.forRestart()).containsExactly("plain");
        assertThat(change.wishes()).hasSize(3).contains(before.getFirst());
        assertThatThrownBy(() -> tunnels.changeTo(config("verbose = 1", "[tunnels.a]", "local = 1")))
                .isInstanceOf(BadFileException.class);
        assertThat(Objects.requireNonNull(tunnels.changeTo(first)).news()).isEmpty();
    }

    @Test
    void aChangedFileWithoutTheTunnelsIsNotGood() throws Exception {
        ClientConfig first = config("[tunnels.a]", "local = 1", "[tunnels.b]", "local = 2");
        var all = new ConfiguredTunnels(first, null, false);
        var one = new ConfiguredTunnels(first, List.of("a"), false);
        assertThat(all.wishes()).hasSize(2);
        assertThat(one.wishes()).hasSize(1);

        assertThatThrownBy(() -> all.changeTo(config("")))
                .isInstanceOf(BadFileException.class)
                .hasMessage(path + ":1:1: it has no tunnels any more. Stop tunnel-client if none is wanted");
        assertThatThrownBy(() -> one.changeTo(config("[tunnels.b]", "local = 2")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("it has not a any more");
    }

    @Test
    void anAppThatIsStartedHasTimeToListenAfterAChangeToo() throws Exception {
        var tunnels = new ConfiguredTunnels(config("[tunnels.a]", "local = 1"), null, true);
        assertThat(tunnels.wishes().getFirst().localWait()).isEqualTo(Duration.ofSeconds(10));

        ConfiguredTunnels.Change change = tunnels.changeTo(config("[tunnels.a]", "local = 2"));

        assertThat(change.wishes().getFirst().localWait()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void noProblemShowsASecret() throws Exception {
        String secret = "s3cr3t".repeat(7);
        assertThat(problems("server = 'tunnel://" + secret + "@tunnel.example.com:7000?pin=sha256:x'"))
                .singleElement().asString().contains("1:1: server: 'tunnel://…@tunnel.example.com").doesNotContain(secret);
        assertThat(problems("[tunnels.a]", "local = 1", "request-header = ['Authorization Bearer " + secret + "']"))
                .singleElement().asString().contains("'Authorization' is not a header field").doesNotContain(secret);
    }

    @Test
    void twoTunnelsDoNotHaveTheSameVariable() throws IOException {
        assertThat(problems("[tunnels.my-app]", "local = 1", "[tunnels.my_app]", "local = 2"))
                .containsExactly("3:1: [tunnels.my_app] and [tunnels.my-app] have the same variable PUBLIC_URL_MY_APP. Call one of them"
                        + " otherwise");
    }
}
