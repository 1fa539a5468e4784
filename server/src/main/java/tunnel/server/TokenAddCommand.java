package tunnel.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tunnel.cli.Amounts;
import tunnel.cli.Parsing;
import tunnel.cli.Version;
import tunnel.server.registry.PortRange;
import tunnel.server.registry.Rights;
import tunnel.server.tokens.NamedToken;
import tunnel.server.tokens.TokenFields;

/// The `tunnel-server token add` command.
@Command(
        name = "add",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a token and prints its join string, this once. What is not listed is not allowed: without options the"
                    + " server chooses name and port.",
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-server token add ann --names '*'",
            "  tunnel-server token add shop --names shop,'shop-*' --expires 30d",
            "",
            "Quote a *, or your shell may put files in its place."
        })
final class TokenAddCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "What you call the token: small letters, digits and hyphens.")
    private String name = "";

    @Option(
            names = "--names",
            paramLabel = "NAME",
            split = ",",
            description = "Names that it may ask for, as in shop or 'shop-*'; '*' for all. May be repeated. Default: none, so"
                    + " it gets random ones.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--hosts",
            paramLabel = "HOST",
            split = ",",
            description = "Custom hosts that it may have, as in www.example.org, or '*.example.org' for all below that. May be"
                    + " repeated. Default: none.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--ports",
            paramLabel = "FIRST-LAST",
            split = ",",
            description = "Public ports that it may ask for, and the only ones that it gets. May be repeated. Default: none to"
                    + " ask for, and it gets any.")
    private List<String> ports = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            converter = LifetimeParsing.class,
            description = "How long it is good, as in 30d, 12h or 90m. Default: for ever.")
    private @Nullable Duration expires;

    @Mixin
    private final TokenState state = new TokenState();

    @Override
    public Integer call() throws IOException {
        List<String> words = new ArrayList<>(List.of(TokenAdmin.ADD, checked(NamedToken::checkName, name, "")));
        Instant end = expires == null ? null : Instant.now().plus(expires).truncatedTo(ChronoUnit.SECONDS);
        words.addAll(new TokenFields(rights(), null, end).words());
        List<List<String>> answer = state.ask(words);
        System.err.println("token " + name + " is ready. Give its client this join string, by 'tunnel-client login'; it is secret,"
                + " and not shown again");
        System.out.println(answer.getFirst().getFirst());
        return 0;
    }

    private Rights rights() {
        return new Rights(
                checked(list -> new Rights(list, List.of(), List.of()), names, "--names: ").names(),
                checked(list -> new Rights(List.of(), list, List.of()), hosts, "--hosts: ").hosts(),
                checked(list -> list.stream().map(PortRange::parse).toList(), ports, "--ports: "));
    }

    private <F, T> T checked(Function<F, T> parse, F value, String option) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw new IllegalStateException("not made by picocli", e);
            }
            throw new ParameterException(spec.commandLine(), option + e.getMessage(), e);
        }
    }

    /// Reads `--expires`.
    static final class LifetimeParsing extends Parsing<Duration> {
        LifetimeParsing() {
            super(Amounts::lifetime);
        }
    }
}
