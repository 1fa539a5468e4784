package tunnel.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine;

/// Arguments that a command does not know, and what may have been meant.
public final class Strays {
    private Strays() {}

    /// A command that has an idea what a word without an option may have meant.
    @FunctionalInterface
    public interface Advisor {
        /// What to write instead, or null.
        @Nullable String instead(String word);
    }

    /// A sentence about it.
    static String inWords(CommandLine command, String argument) {
        return argument.startsWith("-") && argument.length() > 1 ? option(command, argument) : word(command, argument);
    }

    private static String option(CommandLine command, String argument) {
        String name = argument.replaceFirst("=.*", "");
        CommandSpec spec = command.getCommandSpec();
        for (CommandSpec above = spec.parent(); above != null; above = above.parent()) {
            if (above.optionsMap().containsKey(name)) {
                return "option '" + name + "' is one of " + above.qualifiedName() + ": write it before '" + spec.name() + "'";
            }
        }
        for (CommandLine below : command.getSubcommands().values()) {
            if (below.getCommandSpec().optionsMap().containsKey(name)) {
                return "option '" + name + "' is one of " + below.getCommandSpec().qualifiedName() + ": write it behind '"
                        + below.getCommandName() + "'";
            }
        }
        return "unknown option '" + argument + "'" + didYouMean(Near.to(name, spec.optionsMap().keySet()));
    }

    private static String word(CommandLine command, String argument) {
        String what = "'" + argument + "' is not expected here";
        Set<String> commands = new TreeSet<>(command.getSubcommands().keySet());
        List<String> near = new ArrayList<>(Near.to(argument, commands));
        String instead = command.getCommand() instanceof Advisor advisor ? advisor.instead(argument) : null;
        if (instead != null && near.isEmpty()) {
            near.add(instead);
        }
        return what + didYouMean(near);
    }

    private static String didYouMean(List<String> near) {
        return near.isEmpty() ? "" : ". Did you mean " + String.join(" or ", near) + "?";
    }
}
