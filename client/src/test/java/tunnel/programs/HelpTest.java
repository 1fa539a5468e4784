package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    private static final Pattern OPTION_IN_HELP = Pattern.compile("(?m)^ {2,6}(?:-\\w, )?(--[a-z-]+)");
    private static final Pattern OPTION_IN_TABLE = Pattern.compile("(?m)^\\| `(--[a-z-]+)[^`]*` \\|");

    static final List<String> COMMANDS = List.of(
            "tunnel-server", "tunnel-server token add", "tunnel-server token list", "tunnel-server token revoke",
            "tunnel-server config check", "tunnel-server status", "tunnel-server doctor", "tunnel-server completion",
            "tunnel-client", "tunnel-client config check", "tunnel-client login", "tunnel-client status", "tunnel-client doctor",
            "tunnel-client completion");

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void everyOptionIsInTheHelpAndInTheReadme(String command) throws Exception {
        String help = standardOutput(command, "--help");

        assertThat(all(OPTION_IN_HELP, help))
                .contains("--help", "--version")
                .isEqualTo(all(OPTION_IN_TABLE, section(command)));
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
        assertThat(help).contains("\nExamples:\n  " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tunnel-server", "tunnel-client"})
    void everyDefaultInTheHelpIsInTheReadme(String command) throws Exception {
        Matcher defaults = Pattern.compile("(--[a-z-]+)=\\S+ (?:(?! --).)*? Default: ([a-z0-9-]+)\\.(?= )")
                .matcher(standardOutput(command, "--help").replaceAll("\\s+", " "));
        String table = section(command);
        assertThat(defaults.results())
                .isNotEmpty()
                .allSatisfy(option -> assertThat(table.lines())
                        .anyMatch(line -> line.startsWith("| `" + option.group(1))
                                && line.contains("`" + option.group(2) + "`")));
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void versionsAreOneLine(String command) {
        String program = command.split(" ", 2)[0];
        assertThat(standardOutput(command, "--version"))
                .isEqualTo(standardOutput(program, "--version")) // which HelpIT looks at, as the jar has it
                .matches(program + " (\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?|\\(development build\\)), protocol version \\d+\n");
    }

    /// As the README says of them, instead of tables.
    @Test
    void shortCommandsHaveTheOptionsOfTheLongOne() {
        Set<String> all = all(OPTION_IN_HELP, standardOutput("tunnel-client", "--help"));
        Set<String> http = all(OPTION_IN_HELP, standardOutput("tunnel-client http", "--help"));
        Set<String> tcp = all(OPTION_IN_HELP, standardOutput("tunnel-client tcp", "--help"));
        Set<String> start = all(OPTION_IN_HELP, standardOutput("tunnel-client start", "--help"));

        assertThat(all).containsAll(http).contains("--protocol");
        assertThat(http).containsAll(tcp).contains("--rate", "--server").doesNotContain("--protocol");
        assertThat(tcp).contains("--name", "--public-port").doesNotContain("--rate", "--basic-auth");
        assertThat(start).contains("--all", "--server").doesNotContain("--name");
    }

    @Test
    void theReadmeSaysHowToTest() throws Exception {
        assertThat(readme()).contains("\n    mvn verify\n");
    }

    private static String standardOutput(String command, String option) {
        String[] words = (command + " " + option).split(" ", -1);
        InProcess.Outcome outcome = InProcess.run(words[0], Arrays.copyOfRange(words, 1, words.length));
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        return String.join("\n", outcome.out()) + "\n";
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(one -> found.add(one.group(1)));
        return found;
    }

    /// The README's text under the heading that is the command.
    private static String section(String command) throws Exception {
        Matcher section = Pattern.compile("(?ms)^### `" + command + "`$(.*?)(?=^##|\\z)").matcher(readme());
        assertThat(section.find()).as("README has a section for " + command).isTrue();
        return section.group(1);
    }

    private static String readme() throws Exception {
        return Files.readString(Programs.ROOT.resolve("README.md"));
    }
}
