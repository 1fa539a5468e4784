package tunnel.client;

import java.lang.reflect.Member;
import java.util.List;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Takes options from a command whose own words say the same: what `http 4000` is has no `--protocol` to contradict it.
abstract class LessOptions implements IModelTransformer {
    /// For `http`.
    static final class OfHttp extends LessOptions {
        @Override
        boolean isLess(OptionSpec option) {
            return isSaid(option);
        }
    }

    /// For `tcp`, where the server's HTTP edge has nothing to do.
    static final class OfTcp extends LessOptions {
        @Override
        boolean isLess(OptionSpec option) {
            return isSaid(option) || (option.userObject() instanceof Member field && field.getDeclaringClass() == EdgeArguments.class);
        }
    }

    abstract boolean isLess(OptionSpec option);

    private static boolean isSaid(OptionSpec option) {
        return List.of("--local", "--protocol").contains(option.longestName());
    }

    @Override
    public CommandSpec transform(CommandSpec command) {
        List.copyOf(command.options()).stream().filter(this::isLess).forEach(command::remove);
        return command;
    }
}
