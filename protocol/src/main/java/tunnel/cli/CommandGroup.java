package tunnel.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that is nothing without one of its own, as `token` is without `add`.
public abstract class CommandGroup implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final Integer call() {
        CommandSpec group = Objects.requireNonNull(spec, "made by picocli");
        throw new ParameterException(
                group.commandLine(), "what is to be done? Write " + choice(List.copyOf(group.subcommands().keySet())));
    }

    private static String choice(List<String> names) {
        int last = names.size() - 1;
        return (last == 0 ? "" : String.join(", ", names.subList(0, last)) + " or ") + names.get(last);
    }
}
