package tunnel.client;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tunnel.cli.RefusedException;
import tunnel.cli.Version;
import tunnel.local.Local;
import tunnel.protocol.TunnelProtocol;

/// The `tunnel-client tcp` command.
@Command(
        name = "tcp",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        modelTransformer = LessOptions.OfTcp.class,
        description = "Gives any TCP service on this computer a public port: short for tunnel-client --protocol tcp --local.",
        footer = {
            "",
            "Examples:",
            "  tunnel-client tcp 5432",
            "  tunnel-client tcp 192.168.1.7:22 --public-port 20022"
        })
final class TcpCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "[HOST:]PORT|URL",
            converter = TunnelArguments.LocalParsing.class,
            description = "The local service: a port, HOST:PORT, or https://HOST:PORT for one that speaks TLS.")
    private @Nullable Local local;

    @Mixin
    private TunnelArguments tunnel = new TunnelArguments();

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private FileArguments file = new FileArguments();

    @Mixin
    private RunArguments run = new RunArguments();

    @Override
    public Integer call() throws IOException, RefusedException {
        ClientSettings.Wish wish = tunnel.wish(service(), TunnelProtocol.TCP, run.wraps());
        var _ = file.settle();
        return run.run(server.join(), server.isPlain(), List.of(wish));
    }

    private Local service() {
        return switch (local) {
            case null -> throw usage("which local service? Give its port, as in tunnel-client tcp 5432");
            case Local.Folder folder -> throw usage(folder + " is a folder, which is served by HTTP: write tunnel-client http "
                    + folder);
            case Local.Service service -> service;
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
