package tunnel.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Completion for fish, which picocli does not write: a line for each option, subcommand and word, each with the command that it
/// belongs to as its condition.
final class FishScript {
    private static final int LONGEST_DESCRIPTION = 70;

    private final String name;
    private final String at;
    private final List<String> paths = new ArrayList<>(); // of subcommands: `/token/add`
    private final List<String> lines = new ArrayList<>();

    private FishScript(String name) {
        this.name = name;
        this.at = "__" + name.replace('-', '_') + "_at";
    }

    static String of(CommandLine root) {
        FishScript script = new FishScript(root.getCommandName());
        script.command(root, "");
        return script.text();
    }

    private void command(CommandLine command, String path) {
        CommandSpec spec = command.getCommandSpec();
        command.getSubcommands().forEach((word, below) -> {
            if (!below.getCommandSpec().usageMessage().hidden()) {
                line(path, "-a " + quoted(word) + description(below.getCommandSpec().usageMessage().description()));
            }
        });
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Values.words(parameter).forEach(word -> line(path, "-a " + quoted(word)));
        }
        spec.options().stream().filter(option -> !option.hidden()).forEach(option -> option(option, path));
        command.getSubcommands().forEach((word, below) -> {
            paths.add(path + "/" + word);
            command(below, path + "/" + word);
        });
    }

    private void option(OptionSpec option, String path) {
        StringBuilder line = new StringBuilder();
        for (String one : option.names()) {
            line.append(one.startsWith("--") ? " -l " + one.substring(2) : " -s " + one.substring(1));
        }
        line.append(value(option)).append(description(option.description()));
        line(path, line.substring(1));
    }

    /// One that may be left out is not waited for.
    private static String value(OptionSpec option) {
        if (option.arity().max() == 0 || option.arity().min() == 0) {
            return "";
        }
        String words = words(option);
        return (Values.isFile(option) ? " -r -F" : " -x") + (words.isEmpty() ? "" : " -a " + quoted(words));
    }

    private static String words(ArgSpec argument) {
        return String.join(" ", Values.words(argument));
    }

    private void line(String path, String rest) {
        lines.add("complete -c " + name + " -n '" + at + " \"" + path + "\"' " + rest);
    }

    /// The first sentence.
    private static String description(String[] description) {
        String text = String.join(" ", description).replaceAll("\\$\\{[^}]*}|%n", "").strip();
        int end = text.indexOf(". ");
        String sentence = (end < 0 ? text : text.substring(0, end)).replaceFirst("\\.$", "");
        String cut = sentence.length() <= LONGEST_DESCRIPTION
                ? sentence
                : sentence.substring(0, sentence.lastIndexOf(' ', LONGEST_DESCRIPTION)) + " …";
        return cut.isEmpty() ? "" : " -d " + quoted(cut);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private String text() {
        List<String> all = new ArrayList<>(List.of(
                "# Completion of " + name + " for fish, made by '" + name + " completion fish'.",
                "",
                "# Whether the words so far lead to a command of " + name + ": '' for itself, '/token/add' for 'token add'.",
                "function " + at,
                "    set -l path ''",
                "    for word in (commandline -opc)[2..-1]",
                "        if contains -- \"$path/$word\" " + String.join(" ", paths),
                "            set path \"$path/$word\"",
                "        end",
                "    end",
                "    test \"$path\" = \"$argv[1]\"",
                "end",
                "",
                "complete -c " + name + " -f"));
        all.addAll(lines);
        return String.join("\n", all) + "\n";
    }
}
