package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/// A terminal with a shell in it, by tmux: keys go in, and what a person would see comes out. Without tmux the test is skipped.
final class Tmux implements AutoCloseable {
    private static final String PROMPT = "ready> ";

    private final Tool tmux = Tool.named("tmux");
    private final Path socket;

    Tmux(Programs programs, int columns, int rows) throws Exception {
        socket = programs.path("tmux-" + System.nanoTime()); // the last one's server may not have ended yet
        ProcessBuilder shell = programs.builder("tunnel-client");
        shell.command(tmux.builder(
                        "-u", "-S", socket.toString(), "-f", "/dev/null", "new-session", "-d", "-x", "" + columns, "-y", "" + rows,
                        "env PS1='" + PROMPT + "' bash --norc --noprofile")
                .command());
        shell.environment().put("LC_ALL", "C.UTF-8");
        shell.environment().remove("NO_COLOR");
        assertThat(shell.start().waitFor()).isZero();
        await("^" + PROMPT.strip());
    }

    private String run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-S", socket.toString()));
        all.addAll(List.of(arguments));
        Tool.Outcome outcome = tmux.run(all.toArray(String[]::new));
        assertThat(outcome.exitCode()).as("%s: %s", all, outcome.err()).isZero();
        return outcome.text();
    }

    /// Types a line, and Enter.
    void type(String line) throws Exception {
        run("send-keys", "-l", line);
        run("send-keys", "Enter");
    }

    /// Presses keys, as in `C-c`.
    void press(String... keys) throws Exception {
        for (String key : keys) {
            run("send-keys", key);
        }
    }

    /// Types a command of ours, and what follows it.
    void start(Programs programs, String rest, String... arguments) throws Exception {
        String command = programs.builder("tunnel-client", arguments).command().stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        type(command + rest);
    }

    void resize(int columns, int rows) throws Exception {
        run("resize-window", "-x", "" + columns, "-y", "" + rows);
    }

    /// What is to be seen, without blank rows at the end.
    String text() throws Exception {
        return run("capture-pane", "-p").stripTrailing();
    }

    /// The same with colours and other looks, as escape sequences.
    String coloured() throws Exception {
        return run("capture-pane", "-p", "-e");
    }

    /// Whether the cursor is visible, and whether the shell's own screen is away: `1,0` where nobody has taken the window.
    String modes() throws Exception {
        return run("display-message", "-p", "#{cursor_flag},#{alternate_on}").strip();
    }

    /// Waits until it has a match; `^` and `$` are those of a row.
    void await(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        eventually(() -> assertThat(text()).containsPattern(pattern));
    }

    /// Waits until it has none.
    void awaitNo(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        eventually(() -> assertThat(text()).doesNotContainPattern(pattern));
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(RunningProgram.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    /// Waits until the window is the shell's again: its text as it was, the cursor, and echo.
    void awaitShell(String before) throws Exception {
        await(before + "\\R(.*\\R)*" + PROMPT.strip() + "$");
        eventually(() -> assertThat(modes()).isEqualTo("1,0"));
        type("stty -a | grep -o -- '-*echo ' | tr -d ' '; stty -a | grep -o -- '-*icanon' | tr -d ' '");
        await("^echo\\Ricanon\\R");
    }

    /// The program that the shell has started last, by the end of its command line.
    static ProcessHandle process(String last) {
        return Awaitility.await(last)
                .atMost(RunningProgram.PATIENCE)
                .until(
                        () -> ProcessHandle.allProcesses()
                                .filter(one -> one.info().commandLine().orElse("").endsWith(last))
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
    }

    @Override
    public void close() throws IOException {
        try {
            tmux.builder("-S", socket.toString(), "kill-server").start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
