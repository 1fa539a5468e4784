package tunnel.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;

/// What was said of an option, said of its key.
public final class Wording {
    private static final Pattern INVALID = Pattern.compile("^Invalid value for option '--[^']+'(?: \\(.*?\\))?: ", Pattern.DOTALL);
    /// An option with a value that looks like one: a number, an address, or a word that it takes.
    private static final Pattern WITH_VALUE =
            Pattern.compile("--([a-z][a-z-]*)(?:[ =])([0-9]+\\b|[a-z]+://[^ ,]+|tcp\\b|http\\b|insecure\\b|rewrite\\b)");
    private static final Pattern OPTION = Pattern.compile("--([a-z][a-z-]*)");

    private Wording() {}

    /// The sentence without dashes: `local = 4000` for `--local 4000`.
    public static String ofFile(ParameterException e) {
        String message = INVALID.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        String withValues = WITH_VALUE.matcher(message).replaceAll(found -> {
            String value = found.group(2);
            boolean isNumber = value.matches("[0-9]+");
            return Matcher.quoteReplacement(found.group(1) + " = " + (isNumber ? value : '"' + value + '"'));
        });
        return OPTION.matcher(withValues).replaceAll("$1");
    }

    /// The key that a sentence about several options is about first, or an empty string.
    public static String keyOf(ParameterException e) {
        Matcher option = OPTION.matcher(String.valueOf(e.getMessage()));
        return option.find() ? option.group(1) : "";
    }
}
