package tunnel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tunnel.cli.PathParsing;
import tunnel.cli.PlainMode;
import tunnel.cli.PortParsing;

/// A command with an option of each kind.
@Command(name = "sample", mixinStandardHelpOptions = true)
final class Sample {
    @Option(names = "--http-port", paramLabel = "PORT", converter = PortParsing.class, defaultValue = "8080")
    int port;

    @Option(names = "--domain", paramLabel = "DOMAIN")
    String domain = "localhost";

    @Option(names = "--bind", paramLabel = "ADDRESS", split = ",")
    List<String> bind = new ArrayList<>();

    @Option(names = "--header", paramLabel = "'NAME: VALUE'")
    List<String> headers = new ArrayList<>();

    @Option(names = "--plain", arity = "0..1", paramLabel = "insecure", fallbackValue = "", converter = PlainMode.Value.class)
    PlainMode plain = PlainMode.OFF;

    @Option(names = "--verbose")
    boolean verbose;

    @Option(names = "--state-dir", paramLabel = "DIR", converter = PathParsing.class)
    @Nullable Path state;

    static Keys keys() {
        return Keys.of(CommandSpec.forAnnotatedObject(new Sample()), Set.of());
    }

    static ConfigFile file(String... lines) {
        return TomlReader.read(Path.of("/etc/x/sample.toml"), String.join("\n", lines) + "\n", "tunnels");
    }
}
