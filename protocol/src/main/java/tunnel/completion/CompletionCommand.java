package tunnel.completion;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tunnel.cli.Near;
import tunnel.cli.Version;

/// The `completion` command of either program.
@Command(
        name = "completion",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        description = "Prints a script by which a shell completes commands, options and their values.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} completion bash > ~/.local/share/bash-completion/completions/${ROOT-COMMAND-NAME}",
            "  source <(${ROOT-COMMAND-NAME} completion zsh)   in ~/.zshrc, behind compinit",
            "  ${ROOT-COMMAND-NAME} completion fish > ~/.config/fish/completions/${ROOT-COMMAND-NAME}.fish"
        })
public final class CompletionCommand implements Callable<Integer> {
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private String shell = "";

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        CommandLine root = spec.root().commandLine();
        System.out.print(
                switch (shell) {
                    case "bash", "zsh" -> bash(root); // zsh reads bash's by its own bashcompinit, which the script loads
                    case "fish" -> FishScript.of(root);
                    default -> throw new ParameterException(spec.commandLine(), unknown());
                });
        return 0;
    }

    private static String bash(CommandLine root) {
        Values.tell(root);
        return AutoComplete.bash(root.getCommandName(), root);
    }

    private String unknown() {
        List<String> near = Near.to(shell, SHELLS);
        return "'" + shell + "' is no shell that there is completion for: write bash, zsh or fish"
                + (near.isEmpty() ? "" : ". Did you mean " + near.getFirst() + "?");
    }
}
