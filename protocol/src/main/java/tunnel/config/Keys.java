package tunnel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tunnel.cli.NamesFile;
import tunnel.cli.Near;
import tunnel.cli.Program;

/// The keys that stand for a command's options: their long names without the dashes. Of a command that nobody runs, since values
/// are tried on it.
///
/// @param options by key, in the order of the help
public record Keys(Map<String, OptionSpec> options) {
    /// All of a command's, but for those that only make sense once.
    ///
    /// @param without keys to leave out
    public static Keys of(CommandSpec command, Set<String> without) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            String key = key(option);
            if (!option.usageHelp() && !option.versionHelp() && !key.equals(ConfigArguments.KEY) && !without.contains(key)) {
                options.put(key, option);
            }
        }
        return new Keys(options);
    }

    /// Those of the same names among the options of another command.
    Keys in(CommandSpec command) {
        Map<String, OptionSpec> same = new LinkedHashMap<>();
        for (String key : options.keySet()) {
            OptionSpec option = command.findOption("--" + key);
            if (option != null) {
                same.put(key, option);
            }
        }
        return new Keys(same);
    }

    static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }

    /// Why a key is none of these, or null where it is.
    ///
    /// @param elsewhere keys that belong to another part of the file
    /// @param where that is
    public @Nullable String unknown(String key, Set<String> elsewhere, String where) {
        if (options.containsKey(key)) {
            return null;
        }
        if (elsewhere.contains(key)) {
            return "'" + key + "' belongs " + where;
        }
        List<String> near = Near.to(key, options.keySet());
        List<String> farther = near.isEmpty() ? Near.to(key, elsewhere) : List.of();
        return "unknown key '" + key + "'" + (near.isEmpty() ? "" : ". Did you mean " + String.join(" or ", near) + "?")
                + (farther.isEmpty() ? "" : ". Did you mean " + String.join(" or ", farther) + "? It belongs " + where);
    }

    /// A setting as its option would be typed, once for each value.
    ///
    /// @param file whose folder relative paths are in
    /// @param problems where to tell of values that the option does not take
    /// @return null where there were any
    public @Nullable List<String> arguments(Setting setting, ConfigFile file, List<Problem> problems) {
        OptionSpec option = options.get(setting.key());
        if (option == null) {
            return null; // told already
        }
        if (setting.isList() && !option.isMultiValue()) {
            problems.add(file.problem(setting.at(), setting.key() + " has one value: write it without brackets"));
            return null;
        }
        List<String> arguments = new ArrayList<>();
        for (Setting.Value value : setting.values()) {
            String wrong = wrongType(option, value);
            if (wrong != null) {
                problems.add(file.problem(value.at(), setting.key() + ": " + wrong));
                return null;
            }
            List<String> typed = typed(option, value, file.path());
            try {
                set(option, typed);
            } catch (ParameterException e) {
                problems.add(file.problem(value.at(), setting.key() + ": " + Wording.ofFile(e)));
                return null;
            }
            arguments.addAll(typed);
        }
        return arguments;
    }

    /// An option that may stand without a value is typed so for `true`, and not at all for `false`.
    private static List<String> typed(OptionSpec option, Setting.Value value, Path file) {
        if (value.type() == Setting.Type.BOOLEAN && !isFlag(option)) {
            return Boolean.parseBoolean(value.text()) ? List.of(option.longestName()) : List.of();
        }
        return List.of(option.longestName() + "=" + inFolder(option, value.text(), file));
    }

    /// Gives an option a value as if it had been typed: to the option's own field, which its copy has too.
    static void set(OptionSpec option, List<String> typed) {
        CommandSpec alone = CommandSpec.create().addOption(OptionSpec.builder(option).build());
        Program.commandLine(alone).parseArgs(typed.toArray(String[]::new));
    }

    private static @Nullable String wrongType(OptionSpec option, Setting.Value value) {
        if (value.type() == Setting.Type.OTHER) {
            return value.text() + " is not a value here: write " + form(option);
        }
        boolean mayBeBoolean = isFlag(option) || option.arity().min() == 0;
        if (value.type() == Setting.Type.BOOLEAN && !mayBeBoolean) {
            return value.text() + " is not a value here: write " + form(option);
        }
        if (value.type() != Setting.Type.BOOLEAN && isFlag(option)) {
            return "write true or false, without quotes";
        }
        return null;
    }

    /// As in `"HOST[:PORT]"`.
    private static String form(OptionSpec option) {
        String label = option.paramLabel().replaceAll("^'|'$", "");
        return isFlag(option) ? "true or false" : option.isMultiValue() ? "[\"" + label + "\"]" : "\"" + label + "\"";
    }

    static boolean isFlag(OptionSpec option) {
        return option.type() == boolean.class || option.type() == Boolean.class;
    }

    private static String inFolder(OptionSpec option, String text, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && option.converters().length > 0 && option.converters()[0] instanceof NamesFile reads
                ? reads.in(folder, text)
                : text;
    }
}
