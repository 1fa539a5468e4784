package tunnel.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// What may follow an option, as its label in the help says it: `http|tcp` are words to choose from, `FILE`, `DIR` and `FOLDER` are
/// files. So whoever adds an option has nothing to do here.
final class Values {
    private Values() {}

    /// Small words that the label lists.
    static List<String> words(ArgSpec argument) {
        String label = argument.paramLabel();
        return List.of(label.split("\\|", -1)).stream()
                .filter(word -> word.equals(word.toLowerCase(Locale.ROOT)) && word.matches("[a-z][a-z0-9-]*"))
                .toList();
    }

    static boolean isFile(ArgSpec argument) {
        return argument.paramLabel().matches(".*\\b(FILE|DIR|FOLDER)\\b.*")
                || argument.type() == Path.class
                || argument.type() == File.class;
    }

    /// Makes it known to picocli, which would look at the Java types alone. For a command line that only makes a script.
    static void tell(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : List.copyOf(spec.options())) {
            OptionSpec.Builder told = OptionSpec.builder(option);
            List<String> words = words(option);
            if (!words.isEmpty()) {
                told.completionCandidates(words);
            }
            if (isFile(option)) {
                told.type(File.class).auxiliaryTypes(File.class);
            }
            spec.remove(option);
            spec.addOption(told.build());
        }
        for (PositionalParamSpec parameter : List.copyOf(spec.positionalParameters())) {
            List<String> words = words(parameter);
            if (!words.isEmpty()) {
                spec.remove(parameter);
                spec.addPositional(PositionalParamSpec.builder(parameter).completionCandidates(words).build());
            }
        }
        command.getSubcommands().values().forEach(Values::tell);
    }
}
