package tunnel.client;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.config.BadFileException;
import tunnel.config.ConfigArguments;
import tunnel.config.Rules;
import tunnel.config.Sources;
import tunnel.home.Home;

/// Which configuration file a command reads; gives the command what stands there and in the environment.
final class FileArguments {
    /// The first two each say which server, and with which token. A join string also says where that is and how it is recognised.
    private static final Rules RULES = new Rules(
            List.of(new Rules.Either("join-file", "token"), new Rules.Either("quiet", "verbose")),
            List.of(
                    new Rules.Part("server", "join-file", _ -> true),
                    new Rules.Part("pin", "join-file", _ -> true),
                    new Rules.Part("server", "token", ServerArguments::isJoinString),
                    new Rules.Part("pin", "token", ServerArguments::isJoinString)));

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private ConfigArguments config = new ConfigArguments();

    /// Sets the command's options that are not on its command line. To call before anything is asked of them.
    ///
    /// @return the file, or null where there is none
    /// @throws ParameterException with all that is wrong
    /// @throws IOException with a sentence for the user, where the file cannot be read
    @Nullable ClientConfig settle() throws IOException {
        try {
            ClientConfig file = file();
            if (file != null) {
                file.checkForm();
                file.warnIfOpen(System.err);
            }
            new Sources(System.getenv(), file == null ? null : file.file())
                    .apply(Objects.requireNonNull(spec), ClientConfig::topKeys, RULES);
            return file;
        } catch (BadFileException e) {
            throw wrong(e);
        }
    }

    /// The file as it is, or null.
    @Nullable ClientConfig file() throws IOException {
        var path = config.path(Home.ofThisUser().clientFile());
        return path == null ? null : ClientConfig.read(path);
    }

    /// What is wished for at first.
    List<ClientSettings.Wish> wishes(ConfiguredTunnels tunnels) {
        try {
            return tunnels.wishes();
        } catch (BadFileException e) {
            throw wrong(e);
        }
    }

    private ParameterException wrong(BadFileException e) {
        return config.wrong(e);
    }

    ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
