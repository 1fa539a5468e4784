package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The scripts of `completion` in the shells themselves. A shell that is not installed is skipped.
class CompletionIT {
    /// What bash does when somebody presses the tab key; {@code compopt} complains where nobody has.
    private static final String BASH = """
            source "$1" && program=${2%% *} && read -ra COMP_WORDS <<< "$2" && compopt() { :; }
            [[ $2 == *" " ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
            "_complete_$program" && printf '%s\\n' "${COMPREPLY[@]}"
            """;

    /// A zsh with a terminal, in which the key is pressed. Each read waits for what it names.
    private static final String ZSH = """
            zmodload zsh/zpty && zpty z zsh -f -i
            zpty -w z "PS1=REA''DY; autoload -U compinit; compinit -u -D; source $1"
            zpty -r z shown '*READY*' && zpty -n -w z "$2"$'\\t' && zpty -r z shown "*$2$3*" && print -r -- "$3"
            zpty -d z
            """;

    private static final Map<String, Path> scripts = new HashMap<>();
    private static Programs programs;

    @BeforeAll
    static void makeScripts() throws Exception {
        programs = new Programs();
        for (String program : List.of("tunnel-client", "tunnel-server")) {
            for (String shell : List.of("bash", "fish")) {
                RunningProgram made = programs.start(program, "completion", shell);
                assertThat(made.exitCode()).isZero();
                scripts.put(program + " " + shell, programs.file(program + "." + shell, String.join("\n", made.out()) + "\n"));
            }
        }
    }

    @AfterAll
    static void close() throws Exception {
        programs.close();
    }

    /// A line as typed, and what is offered for its last word, a few of many.
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("tunnel-client --protoc", List.of("--protocol")),
                Arguments.of("tunnel-client --protocol ", List.of("http", "tcp")),
                Arguments.of("tunnel-client doc", List.of("doctor")),
                Arguments.of("tunnel-client doctor --j", List.of("--json", "--join-file")),
                Arguments.of("tunnel-client completion f", List.of("fish")),
                Arguments.of("tunnel-server token re", List.of("revoke")),
                Arguments.of("tunnel-server token add --exp", List.of("--expires")),
                Arguments.of("tunnel-server --access-log-format j", List.of("json")));
    }

    private static Path script(String line, String shell) {
        return Objects.requireNonNull(scripts.get(line.split(" ", 2)[0] + " " + shell));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void bashOffersThem(String line, List<String> offered) throws Exception {
        Tool bash = Tool.named("bash");
        String text = bash.run("--norc", "-c", BASH, "bash", script(line, "bash").toString(), line).text();
        assertThat(text.lines().map(String::strip)).containsExactlyInAnyOrderElementsOf(offered);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void fishOffersThem(String line, List<String> offered) throws Exception {
        Tool fish = Tool.named("fish");
        String text = fish.run("--no-config", "-c", "source " + script(line, "fish") + "; complete -C '" + line + "'").text();
        assertThat(text.lines().map(one -> one.replaceFirst("\\s.*", "")))
                .containsExactlyInAnyOrderElementsOf(offered);
    }

    /// By bash's script. One line is enough to see that zsh takes it.
    @Test
    void zshCompletesWhereThereIsOneWordAlone() throws Exception {
        Tool zsh = Tool.named("zsh");
        Path script = script("tunnel-client", "bash");
        assertThat(zsh.run("-f", "-c", ZSH, "zsh", script.toString(), "tunnel-client --protoc", "ol").text().strip()).isEqualTo("ol");
    }

    @Test
    void filesAreOfferedWhereAnOptionTakesOne() throws Exception {
        Files.writeString(programs.path("joined.txt"), "", UTF_8);
        String line = "tunnel-client --join-file " + programs.path("join");
        String offered = programs.path("joined.txt").toString();
        assertThat(Tool.named("bash").run("--norc", "-c", BASH, "bash", script(line, "bash").toString(), line).text().strip())
                .isEqualTo(offered);
        assertThat(Tool.named("fish")
                        .run("--no-config", "-c", "source " + script(line, "fish") + "; complete -C '" + line + "'")
                        .text()
                        .strip())
                .isEqualTo(offered);
    }
}
