package tunnel.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Gives a command's options the values that are not on its command line: from the environment, and else from a file. They go
/// through the options' own converters and checks, as if they had been typed.
public final class Sources {
    /// Where a value comes from; the first wins.
    public enum Source {
        COMMAND_LINE,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    private static final String PREFIX = "TUNNEL_";
    /// Those of the launchers, and the one that names the file.
    private static final Set<String> OTHERS = Set.of("TUNNEL_BUILD", "TUNNEL_JAVA_OPTS", variable(ConfigArguments.KEY));

    private final Map<String, String> environment;
    private final @Nullable ConfigFile file;
    private final Map<String, Source> known = new HashMap<>(); // by key

    /// @param file already found to have known keys only
    public Sources(Map<String, String> environment, @Nullable ConfigFile file) {
        this.environment = environment;
        this.file = file;
    }

    /// The variable for an option: `TUNNEL_HTTP_PORT` for `http-port`.
    public static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /// Where the value of a key comes from, after {@link #apply}.
    public Source of(String key) {
        return known.getOrDefault(key, Source.DEFAULT);
    }

    /// Sets those options of a parsed command that stand in `keys`.
    ///
    /// @param keys of options that are thrown away: values are tried on them
    /// @param rules of options that bear on each other
    /// @throws ParameterException where a variable has no good value, with a sentence for the user
    /// @throws BadFileException with all values of the file that are not good
    public void apply(CommandSpec command, Supplier<Keys> keys, Rules rules) throws BadFileException {
        if (file != null || environment.keySet().stream().anyMatch(Sources::isOurs)) { // else there is nothing to load all this for
            apply(command, keys.get(), rules);
        }
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith(PREFIX) && !OTHERS.contains(variable);
    }

    private void apply(CommandSpec command, Keys keys, Rules rules) throws BadFileException {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<String>> inFile = new HashMap<>();
        Map<String, OptionSpec> options = keys.in(command).options();
        options.forEach((key, option) -> {
            Setting setting = file == null ? null : file.top().get(key);
            List<String> typed = setting == null || file == null ? null : keys.arguments(setting, file, problems);
            if (typed != null) {
                inFile.put(key, typed);
            }
            known.put(key, source(command, option, typed != null));
        });
        BadFileException.throwIfAny(problems);
        for (Rules.Either either : rules.either()) {
            choose(command, either, options, inFile);
        }
        for (Rules.Part part : rules.parts()) {
            drop(part, inFile);
        }
        options.forEach((key, option) -> {
            switch (of(key)) {
                case ENVIRONMENT -> fromEnvironment(command, option, environment.get(variable(key)));
                case FILE -> Keys.set(option, inFile.getOrDefault(key, List.of()));
                case COMMAND_LINE, DEFAULT -> {} // it has it
            }
        });
    }

    private Source source(CommandSpec command, OptionSpec option, boolean isInFile) {
        if (command.commandLine().getParseResult().hasMatchedOption(option)) {
            return Source.COMMAND_LINE;
        }
        String value = environment.getOrDefault(variable(Keys.key(option)), "");
        return !value.isEmpty() ? Source.ENVIRONMENT : isInFile ? Source.FILE : Source.DEFAULT; // empty is as good as not set
    }

    private void choose(CommandSpec command, Rules.Either either, Map<String, OptionSpec> options, Map<String, List<String>> inFile) {
        String first = either.one();
        String second = either.other();
        if (!isGiven(first, options, inFile) || !isGiven(second, options, inFile)) {
            return;
        }
        if (of(first) == of(second)) {
            throw new ParameterException(command.commandLine(), switch (of(first)) {
                case ENVIRONMENT -> "both " + variable(first) + " and " + variable(second) + " are set. Leave one of them out";
                case FILE -> "both " + first + " and " + second + " stand in " + path() + ". Leave one of them out";
                case COMMAND_LINE, DEFAULT -> "both --" + first + " and --" + second + " are given. Leave one of them out";
            });
        }
        known.put(of(first).compareTo(of(second)) < 0 ? second : first, Source.DEFAULT);
    }

    /// A flag that is false says nothing.
    private boolean isGiven(String key, Map<String, OptionSpec> options, Map<String, List<String>> inFile) {
        OptionSpec option = options.get(key);
        return option != null && of(key) != Source.DEFAULT
                && !(Keys.isFlag(option) && text(key, inFile).equals("false"));
    }

    private void drop(Rules.Part part, Map<String, List<String>> inFile) {
        boolean isWorse = of(part.whole()).compareTo(of(part.key())) < 0;
        if (isWorse && part.isWhole().test(text(part.whole(), inFile))) {
            known.put(part.key(), Source.DEFAULT);
        }
    }

    /// What the environment or the file says, or an empty text.
    private String text(String key, Map<String, List<String>> inFile) {
        return switch (of(key)) {
            case ENVIRONMENT -> environment.getOrDefault(variable(key), "");
            case FILE -> {
                String typed = String.join(" ", inFile.getOrDefault(key, List.of()));
                yield typed.substring(typed.indexOf('=') + 1);
            }
            case COMMAND_LINE, DEFAULT -> "";
        };
    }

    private String path() {
        return file == null ? "" : file.path().toString();
    }

    private static void fromEnvironment(CommandSpec command, OptionSpec option, @Nullable String value) {
        String variable = variable(Keys.key(option));
        boolean mayBeAlone = option.arity().min() == 0 && !Keys.isFlag(option);
        List<String> typed = mayBeAlone && "true".equals(value)
                ? List.of(option.longestName())
                : mayBeAlone && "false".equals(value) ? List.of() : List.of(option.longestName() + "=" + value);
        try {
            if (Keys.isFlag(option) && !List.of("true", "false").contains(value)) {
                throw new ParameterException(command.commandLine(), "write true or false");
            }
            Keys.set(option, typed);
        } catch (ParameterException e) {
            throw new ParameterException(command.commandLine(), variable + ": " + Wording.ofFile(e));
        }
    }
}
