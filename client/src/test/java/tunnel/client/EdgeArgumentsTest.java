package tunnel.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tunnel.cli.Program;
import tunnel.local.Local;
import tunnel.net.Cidr;
import tunnel.net.HostPort;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.FieldEdit;

class EdgeArgumentsTest {
    private static final Local SERVICE = Local.plain(new HostPort("localhost", 4000));

    @TempDir
    private Path folder;

    private static EdgeOptions parsed(String... arguments) {
        EdgeArguments edge = new EdgeArguments();
        Program.commandLine(edge).parseArgs(arguments);
        return edge.options(SERVICE);
    }

    /// What the whole command answers, without the second line, which says where the help is.
    private static String refusal(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = Program.commandLine(new ClientCommand()).setErr(new PrintWriter(err));
        assertThat(command.execute(arguments)).isEqualTo(2);
        return err.toString().lines().findFirst().orElseThrow();
    }

    @Test
    void saysNothingWhereNothingIsGiven() {
        assertThat(parsed()).isEqualTo(EdgeOptions.NONE);
    }

    @Test
    void takesThemAll() {
        EdgeOptions options = parsed(
                "--host=WWW.example.org", "--host", "example.org", "--allow", "192.0.2.0/24,::1", "--allow=198.51.100.7",
                "--deny=192.0.2.1", "--max-body=10M", "--rate=50/s", "--response-timeout=500ms", "--host-header", "app.test:81",
                "--request-header", "X-Env: demo", "--request-header=X-Gone:", "--response-header", "Server:  a b ");

        assertThat(options.hosts()).containsExactly("www.example.org", "example.org");
        assertThat(options.allow())
                .containsExactly(Cidr.parse("192.0.2.0/24"), Cidr.parse("::1"), Cidr.parse("198.51.100.7"));
        assertThat(options.deny()).containsExactly(Cidr.parse("192.0.2.1"));
        assertThat(options.maxBody()).isEqualTo(10 << 20);
        assertThat(options.rate()).isEqualTo(50);
        assertThat(options.responseTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.hostHeader()).isEqualTo("app.test:81");
        assertThat(options.requestFields()).containsExactly(new FieldEdit("X-Env", "demo"), new FieldEdit("X-Gone", ""));
        assertThat(options.responseFields()).containsExactly(new FieldEdit("Server", "a b"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "512k, 524288", "512K, 524288", "1G, 1073741824", "8589934591G, 9223372035781033984"})
    void sizesAreIn1024s(String text, String bytes) {
        assertThat(parsed("--max-body", text).maxBody()).isEqualTo(Long.parseLong(bytes));
    }

    @ParameterizedTest
    @CsvSource({"1ms, 1", "30s, 30000", "2m, 120000", "2M, 120000", "1440m, 86400000"})
    void timesHaveAUnit(String text, long millis) {
        assertThat(parsed("--response-timeout", text).responseTimeout()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void rewriteIsTheHostOfTheLocalService() {
        assertThat(parsed("--host-header=rewrite").hostHeader()).isEqualTo("localhost:4000");
        assertThat(parsed("--host-header=REWRITE").hostHeader()).isEqualTo("localhost:4000");
    }

    @Test
    void aFolderHasNoHostToRewriteTo() {
        EdgeArguments edge = new EdgeArguments();
        Program.commandLine(edge).parseArgs("--host-header=rewrite");

        assertThatThrownBy(() -> edge.options(new Local.Folder(folder)))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--host-header=rewrite is for a local service: a folder has no host. Leave it out");
    }

    @Test
    void usersAreGivenOrReadFromAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("users"), "bob:b:c\n\n eve:x \n");

        EdgeOptions options = parsed("--basic-auth", "ann:secret", "--basic-auth=@" + file);

        assertThat(options.credentials()).hasSize(3);
        assertThat(Stream.of("ann:secret", "bob:b:c", " eve:x ").map(one -> one.getBytes(UTF_8)))
                .allMatch(one -> options.credentials().stream().anyMatch(credential -> credential.matches(one)));
    }

    @Test
    void noMessageShowsAPassword() throws Exception {
        Path file = Files.writeString(folder.resolve("users"), "sesame\n");

        assertThat(refusal("--local=4000", "--basic-auth", ":sesame"))
                .isEqualTo("tunnel-client: Invalid value for option '--basic-auth' (USER:PASSWORD|@FILE): the user is empty: write USER:PASSWORD, as in"
                        + " ann:correct-horse");
        assertThat(refusal("--local=4000", "--basic-auth=@" + file))
                .contains("there is no colon in " + file)
                .doesNotContain("sesame");
        assertThat(refusal("--local=4000", "--basic-auth", "sesame")).contains("there is no colon").doesNotContain("sesame");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--host=www.example.org:80 | 'www.example.org:80' is not a host name: write it as in www.example.org, without a port",
        "--host=127.0.0.1 | '127.0.0.1' is not a host name: write it as in www.example.org, without a port",
        "--basic-auth=ann: | the password is empty: write USER:PASSWORD, as in ann:correct-horse",
        "--basic-auth=@/no/such | cannot read '/no/such'. Write @FILE, as in @users.txt",
        "--allow=10/8 | '10/8' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32",
        "--allow=::1,x | 'x' is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32",
        "--deny=10.0.0.0/33 | /33 is not a prefix length of 10.0.0.0",
        "--max-body=0 | '0' is not a size: write it as in 10M, 512K or 1G",
        "--max-body=10T | '10T' is not a size: write it as in 10M, 512K or 1G",
        "--max-body=8589934592G | '8589934592G' is not a size: write it as in 10M, 512K or 1G",
        "--rate=50 | '50' is not a rate: write it as in 50/s",
        "--rate=1000001/s | 1000001/s is more than 1000000/s: write less",
        "--response-timeout=30 | '30' is not a time: write it as in 30s, 500ms or 2m",
        "--response-timeout=1441m | '1441m' is longer than 24 h, which is 1440m: write less",
        "--host-header=http://x | 'http://x' is not a host: write it as in localhost:4000 or app.example.org",
        "--request-header=X-Env | 'X-Env' is not a header field: write it as in 'X-Robots-Tag: none'",
        "--request-header=Host: a | the header field Host cannot be set: the server itself needs it. For the app's Host there is --host-header",
        "--response-header=a b: c | 'a b' is not the name of a header field: write it as in X-Robots-Tag",
        "--response-header=A: ü | the value of a header field has other characters than visible ASCII, spaces and tabs",
        "--local=./no-such-folder | there is no folder './no-such-folder'. Write it as in ./dist",
    })
    void whatIsWrongIsNamedWithAGoodExample(String argument, String message) {
        String option = argument.substring(0, argument.indexOf('='));
        String[] all = option.equals("--local") ? new String[] {argument} : new String[] {"--local=4000", argument};
        assertThat(refusal(all)).startsWith("tunnel-client: Invalid value for option '" + option + "'").endsWith(": " + message);
    }

    @ParameterizedTest
    @CsvSource({"--host=a.example", "--basic-auth=a:b", "--allow=::1", "--deny=::1", "--max-body=1", "--rate=1/s",
        "--response-timeout=1s", "--host-header=rewrite", "--request-header=A:", "--response-header=A:"})
    void whatIsForHttpIsWrongWithTcp(String argument) {
        assertThat(refusal("--local=4000", "--protocol=tcp", argument))
                .isEqualTo("tunnel-client: " + argument.substring(0, argument.indexOf('='))
                        + " is for HTTP: leave it out, or leave --protocol tcp out");
    }

    @Test
    void aFolderIsServedByHttpOnly() {
        assertThat(refusal("--local", folder.toString(), "--protocol=tcp")).contains("is a folder, which is served by HTTP");
    }

    @Test
    void acceptingAnyCertificateIsForTls() {
        assertThat(refusal("--local=4000", "--local-insecure")).contains("--local-insecure is for a local service with TLS");
    }

    @Test
    void tooManyAreRefused() {
        String[] many = Stream.concat(
                        Stream.of("--local=4000"), Stream.iterate("--host=a.example", one -> one).limit(21))
                .toArray(String[]::new);
        assertThat(refusal(many)).isEqualTo("tunnel-client: --host is given 21 times, but one tunnel has at most 20");
        many[1] = "--request-header=X-A: " + "a".repeat(5000);
        assertThat(refusal(many[0], many[1]))
                .isEqualTo("tunnel-client: --request-header and --response-header: the header fields to set have more than 4096"
                        + " bytes in all");
    }
}
