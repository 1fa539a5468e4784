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

/// The `tunnel-client http` command.
@Command(
        name = "http",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        modelTransformer = LessOptions.OfHttp.class,
        description = "Gives a web app on this computer a public address: short for tunnel-client --local.",
        footer = {
            "",
            "Examples:",
            "  tunnel-client http 4000",
            "  tunnel-client http 4000 --name blue-otter",
            "  tunnel-client http ./dist"
        })
final class HttpCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "[HOST:]PORT|URL|FOLDER",
            converter = TunnelArguments.LocalParsing.class,
            description = "The local service: a port, http://HOST:PORT, https://HOST:PORT, or a folder such as ./dist, which is"
                    + " then served read-only.")
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
        if (local == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "which local service? Give its port, as in tunnel-client http 4000");
        }
        var _ = file.settle();
        return run.run(server.join(), server.isPlain(), List.of(tunnel.wish(local, TunnelProtocol.HTTP, run.wraps())));
    }
}
