package tunnel.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.HelpGroup;
import tunnel.cli.PathParsing;
import tunnel.home.PrivateFiles;

/// The option that says which configuration file is read.
@HelpGroup("Running")
public final class ConfigArguments {
    /// Its name without dashes, which is no key.
    static final String KEY = "config";

    private static final String NONE = "off";
    private static final long LONGEST = 1 << 20; // of a file that people write: 1 MiB is a mistake

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE|off",
            converter = PathParsing.class,
            description = "Configuration file in TOML, or off for none.")
    private @Nullable Path named;

    /// The file to read: the one that is named on the command line or by TUNNEL_CONFIG, else the usual one where there is one.
    ///
    /// @param usual where it is looked for
    /// @return null for none
    public @Nullable Path path(Path usual) {
        String variable = System.getenv().getOrDefault(Sources.variable(KEY), "");
        Path chosen = named != null ? named : variable.isEmpty() ? null : Path.of(variable);
        if (chosen != null) {
            return chosen.toString().equals(NONE) ? null : chosen;
        }
        return Files.exists(usual) ? usual : null;
    }

    /// Reads a file.
    ///
    /// @param group as of {@link ConfigFile}
    /// @throws IOException with a sentence for the user
    public static ConfigFile read(Path file, String group) throws IOException {
        return TomlReader.read(file, text(file), group);
    }

    static String text(Path file) throws IOException {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > LONGEST) {
                throw new IOException("it is larger than 1 MiB");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException("cannot read the configuration file " + file + ": it is not text in UTF-8", e);
        } catch (IOException e) {
            throw new IOException(
                    "cannot read the configuration file " + file + ": " + PrivateFiles.why(e)
                            + ". Name another with --config FILE, or write --config off",
                    e);
        }
    }

    /// For a file that is not good: exit code 2, as for what is typed wrong.
    public ParameterException wrong(BadFileException e) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
}
