package tunnel.client;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tunnel.cli.Terminal;
import tunnel.cli.Version;
import tunnel.home.Home;
import tunnel.protocol.JoinString;

/// The `tunnel-client login` command.
@Command(
        name = "login",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = {
            "Saves a server's join string for this user, in $XDG_CONFIG_HOME/tunnel/join or ~/.config/tunnel/join.",
            "",
            "tunnel-server prints the string, and keeps it in the file 'join' of its state directory."
        },
        footer = {
            "",
            "Examples:",
            "  tunnel-client login              asks for the string, and does not show it",
            "  tunnel-client login < join.txt   reads it from standard input"
        })
final class LoginCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "JOIN-STRING",
            description = "The string itself; better left out, since shells keep what is typed.")
    private @Nullable String joinString;

    @Override
    public Integer call() throws IOException {
        String typed = joinString != null ? joinString : ask();
        JoinString join;
        try {
            join = JoinString.parse(typed);
        } catch (IllegalArgumentException e) {
            throw usage("that is not a join string: " + e.getMessage());
        }
        JoinFiles files = new JoinFiles(Home.ofThisUser());
        files.save(join);
        System.err.println("saved in " + files.saved() + " for the server at " + join.server());
        if (joinString != null) {
            System.err.println("Your shell may keep the join string in its history; it holds a secret token. Next time run"
                    + " 'tunnel-client login' and paste it when asked");
        }
        return 0;
    }

    private String ask() throws IOException {
        Console terminal = Terminal.console();
        if (terminal != null) {
            char[] typed = terminal.readPassword("Join string: ");
            return typed == null ? "" : new String(typed);
        }
        // a first line is all that is wanted of a pipe that may stay open
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        return line == null ? "" : line;
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
