package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Whatever is typed wrong is named in one line, with the next step; a second one says where the help is; exit code 2.
class WrongUsageTest {
    private static final String HOST_PORT = "Write HOST:PORT, as in localhost:4000 or [::1]:4000";
    private static final String NAME = "is not a name: write 1 to 63 letters a to z, digits and hyphens, with no hyphen first or"
            + " last";
    private static final String BLOCK = "is not a block of addresses: write it as in 203.0.113.0/24 or 2001:db8::/32";
    private static final String PORT = "is not a port: write 1 to 65535, or 0 for any";
    private static final String RANGE = "is not a range of ports: write FIRST-LAST, as in 20000-20999";
    private static final String DOMAIN = "is not a domain name: write it as in tunnel.example.com";
    private static final String PUBLIC_URL = "is not the address of this server's tunnels: write it as in https://*.example.com";
    private static final String MODE = "is not a mode: write --plain on loopback, or --plain=insecure";

    private record Case(String program, List<String> arguments, String message) {
        private List<String> words() {
            return List.of(program.split(" ", -1));
        }

        private String[] behindTheProgram() {
            return Stream.concat(words().stream().skip(1), arguments.stream()).toArray(String[]::new);
        }

        private void check(InProcess.Outcome outcome) {
            assertThat(outcome.err()).containsExactly(program + ": " + message, "Try '" + program + " --help'.");
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
        }

        @Override
        public String toString() {
            return program + " " + String.join(" ", arguments);
        }
    }

    private static Case client(String message, String... arguments) {
        return new Case("tunnel-client", List.of(arguments), message);
    }

    private static Case server(String message, String... arguments) {
        return new Case("tunnel-server", List.of(arguments), message);
    }

    /// Of `tunnel-server token`.
    private static Case token(String command, String message, String... arguments) {
        return new Case("tunnel-server token" + command, List.of(arguments), message);
    }

    private static Case value(Case one) {
        String option = one.arguments.getLast().startsWith("--")
                ? one.arguments.getLast().replaceFirst("=.*", "")
                : one.arguments.get(one.arguments.size() - 2);
        return new Case(one.program, one.arguments, "Invalid value for option '" + option + "': " + one.message);
    }

    /// Of an option that may be repeated, whose message shows its parameter too.
    private static Case values(String parameter, Case one) {
        Case value = value(one);
        return new Case(one.program, one.arguments, value.message.replaceFirst("': ", "' (" + parameter + "): "));
    }

    private static final List<Case> CASES = List.of(
            client("which local service? Give its port, as in --local 4000"),
            client("unknown option '--locl'. Did you mean --local?", "--locl", "4000"),
            client("unknown option '--locla'. Did you mean --local?", "--locla", "4000"),
            client("unknown option '--nmae'. Did you mean --name?", "--local", "4000", "--nmae", "blue-otter"),
            client("unknown option '--frobnicate'", "--local", "4000", "--frobnicate"),
            client("'4000' is not expected here. Did you mean --local 4000?", "4000"),
            client("'logn' is not expected here. Did you mean login?", "logn"),
            client("Missing required parameter for option '--local' ([HOST:]PORT|URL|FOLDER)", "--local"),
            client("option '--local' ([HOST:]PORT|URL|FOLDER) should be specified only once", "--local", "4000", "--local", "5000"),
            value(client("'localhost' has no port. " + HOST_PORT, "--local", "localhost")),
            value(client("port 0 is not between 1 and 65535", "--local", "0")),
            value(client("'x' is not a port number", "--local", "localhost:x")),
            value(client("'ftp://localhost' is neither http:// nor https://. Write it as in https://localhost:8443", "--local", "ftp://localhost")),
            value(client("there is no folder './nowhere'. Write it as in ./dist", "--local", "./nowhere")),
            client("--local-insecure is for a local service with TLS: leave it out, or write --local https://localhost:8443",
                    "--local", "4000", "--local-insecure"),
            values("HOST", client("'a.example:80' is not a host name: write it as in www.example.org, without a port",
                    "--local", "4000", "--host", "a.example:80")),
            values("USER:PASSWORD|@FILE", client("the password is empty: write USER:PASSWORD, as in ann:correct-horse",
                    "--local", "4000", "--basic-auth", "ann:")),
            values("USER:PASSWORD|@FILE", client("cannot read 'nowhere'. Write @FILE, as in @users.txt",
                    "--local", "4000", "--basic-auth", "@nowhere")),
            values("CIDR", client("'10/8' " + BLOCK, "--local", "4000", "--allow", "10/8")),
            values("CIDR", client("'home' " + BLOCK, "--local", "4000", "--deny", "home")),
            value(client("'10T' is not a size: write it as in 10M, 512K or 1G", "--local", "4000", "--max-body", "10T")),
            value(client("'50' is not a rate: write it as in 50/s", "--local", "4000", "--rate", "50")),
            value(client("'30' is not a time: write it as in 30s, 500ms or 2m", "--local", "4000", "--response-timeout", "30")),
            value(client("'a b' is not a host: write it as in localhost:4000 or app.example.org",
                    "--local", "4000", "--host-header", "a b")),
            values("'NAME: VALUE'", client("'X-Env' is not a header field: write it as in 'X-Robots-Tag: none'",
                    "--local", "4000", "--request-header", "X-Env")),
            values("'NAME: VALUE'", client("the header field Via cannot be set: the server itself needs it",
                    "--local", "4000", "--response-header", "Via: a")),
            client("--rate is for HTTP: leave it out, or leave --protocol tcp out",
                    "--local", "4000", "--protocol", "tcp", "--rate", "5/s"),
            value(client("'::1:4000': an IPv6 address needs brackets. " + HOST_PORT, "--local", "::1:4000")),
            value(client("'x' is not a port number", "--local", "4000", "--server", "example.com:x")),
            value(client("'a b' is not a host name or address. " + HOST_PORT, "--local", "4000", "--server", "a b")),
            value(client("it is empty, as an unset variable is: write a path", "--local", "4000", "--join-file", "")),
            value(client("'blue_otter' " + NAME, "--local", "4000", "--name", "blue_otter")),
            value(client("'udp' is not a protocol: write http or tcp", "--local", "4000", "--protocol", "udp")),
            value(client("'0.0.0.0:4040' is not on loopback, and what passes through your tunnels is for this machine alone: write off,"
                            + " a port, or localhost:PORT", "--local", "4000", "--inspect", "0.0.0.0:4040")),
            value(client("'a:b' is not an address for the inspector: write off, a port, or localhost:PORT",
                    "--local", "4000", "--inspect", "a:b")),
            value(client("it is empty, as an unset variable is: write a path", "--local", "4000", "--inspect-save", "")),
            value(client("'65536' " + PORT, "--local", "4000", "--public-port", "65536")),
            value(client("'61s' is longer than 60 s, and visitors have left by then",
                    "--local", "4000", "--wait-for-local", "61s")),
            value(client("'soon' is not a time: write it as in 30s, 500ms or 2m", "--local", "4000", "--wait-for-local", "soon")),
            client("--wait-for-local is for a local service: a folder is always there. Leave it out",
                    "--local", ".", "--wait-for-local", "10s"),
            value(client("'yes' " + MODE, "--local", "4000", "--plain=yes")),
            value(client("'yes' is not a boolean", "--local", "4000", "--verbose=yes")),
            value(client("'xml' is not an output: write auto, plain or json", "--local", "4000", "--output", "xml")),
            client("--quiet and --verbose contradict each other: leave one out", "--local", "4000", "--quiet", "--verbose"),
            new Case("tunnel-client http", List.of(), "which local service? Give its port, as in tunnel-client http 4000"),
            new Case("tunnel-client tcp", List.of("/"), "/ is a folder, which is served by HTTP: write tunnel-client http /"),
            new Case("tunnel-client config", List.of(), "what is to be done? Write check"),
            new Case("tunnel-server config", List.of(), "what is to be done? Write check"),
            client("a token is not typed, since other users of this machine see command lines. Put it into TUNNEL_TOKEN or the"
                    + " configuration file, or run 'tunnel-client login'", "--local", "4000", "--token", "A".repeat(43)),
            server("unknown option '--http-prt'. Did you mean --http-port?", "--http-prt", "80"),
            server("'80' is not expected here", "80"),
            server("'staus' is not expected here. Did you mean status?", "staus"),
            server("option '--json' is one of tunnel-server status: write it behind 'status'", "--json"),
            new Case("tunnel-server status", List.of("--http-port", "80"),
                    "option '--http-port' is one of tunnel-server: write it before 'status'"),
            value(server("'*.example.com' " + DOMAIN, "--domain", "*.example.com")),
            server("--bind: 'nowhere.invalid' is not an address of this machine: write one, as in 127.0.0.1 or ::", "--bind", "nowhere.invalid"),
            server("--bind: '' is not an address of this machine: write one, as in 127.0.0.1 or ::", "--bind", ""),
            value(server("'http' " + PORT, "--control-port", "http")),
            value(server("'-1' " + PORT, "--http-port", "-1")),
            value(server("'9-5' " + RANGE, "--ports", "9-5")),
            value(server("'soon' is not a lifetime: write it as in 30d, 12h or 90m", "--lease-grace", "soon")),
            value(server("'soon' is not a time: write it as in 30s, 500ms or 2m", "--drain", "soon")),
            value(server("'all' " + RANGE, "--ports", "all")),
            server("--public-url: 'https://example.com' " + PUBLIC_URL, "--domain", "example.com", "--public-url",
                    "https://example.com"),
            server("--public-url: 'https://*.example.com/' " + PUBLIC_URL, "--domain", "example.com", "--public-url",
                    "https://*.example.com/"),
            server("--trusted-proxies: /33 is not a prefix length of 10.0.0.0", "--trusted-proxies", "127.0.0.1,10.0.0.0/33"),
            server("--trusted-proxies: 'localhost' " + BLOCK, "--trusted-proxies", "localhost"),
            value(server("it is empty, as an unset variable is: write a path", "--access-log", "")),
            value(server("'access%d.log' has a %, which the name of this file cannot have", "--access-log", "access%d.log")),
            value(server("'xml' is not a format: write combined or json", "--access-log-format", "xml")),
            value(server("'0' is not a number from 1 to 9999999", "--max-visitors", "0")),
            value(server("'many' is not a number from 1 to 9999999", "--max-visitors-per-address", "many")),
            value(server("'-1' is not a number from 1 to 9999999", "--max-visitors-per-tunnel", "-1")),
            value(server("'1e3' is not a number from 1 to 9999999", "--max-sessions-per-token", "1e3")),
            value(server("'60' is not a time: write it as in 30s, 500ms or 2m", "--idle-timeout", "60")),
            value(server("'never' is not a time: write it as in 30s, 500ms or 2m", "--stream-lifetime", "never")),
            value(server("it is empty, as an unset variable is: write a path", "--state-dir", "")),
            value(server("'yes' " + MODE, "--plain=yes")),
            value(server("'yes' is not a boolean", "--verbose=yes")),
            new Case("tunnel-server completion", List.of("zhs"),
                    "'zhs' is no shell that there is completion for: write bash, zsh or fish. Did you mean zsh?"),
            token("", "what is to be done? Write add, list or revoke"),
            token("", "'lst' is not expected here. Did you mean list?", "lst"),
            token(" add", "Missing required parameter: 'NAME'"),
            token(" add", "'Shop' is not a token's name: write up to 63 small letters a to z, digits and hyphens, with no hyphen"
                    + " first", "Shop"),
            token(" add", "--names: 'shop_*' is not a name or a pattern of names: write it as in shop or shop-*",
                    "shop", "--names", "shop_*"),
            token(" add", "--hosts: 'a.*' is not a host name: write it as in www.example.org, without a port",
                    "shop", "--hosts", "b.example,a.*"),
            token(" add", "--ports: '9-5' " + RANGE, "shop", "--ports", "9-5"),
            value(token(" add", "'30' is not a lifetime: write it as in 30d, 12h or 90m", "shop", "--expires", "30")),
            token(" revoke", "'a b' is not a token's name: write up to 63 small letters a to z, digits and hyphens, with no hyphen"
                    + " first", "a b"));

    @TestFactory
    Stream<DynamicTest> isNamedInOneLine() {
        return CASES.stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.toString(), () -> one.check(InProcess.run(one.words().getFirst(), one.behindTheProgram()))));
    }
}
