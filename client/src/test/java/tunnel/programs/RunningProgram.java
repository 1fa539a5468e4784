package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A process of ours and what it has printed so far. Ended by its own handle.
public final class RunningProgram implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    public RunningProgram(ProcessBuilder program) throws IOException {
        process = program.start();
        outReader = collect(process.getInputStream(), out);
        errReader = collect(process.getErrorStream(), err);
    }

    /// On a thread of the kernel: a pipe's reader blocks what carries it, and a few of them stop all virtual threads.
    private static Thread collect(InputStream from, List<String> to) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    to.add(line);
                }
            } catch (IOException e) {
                // the process is gone
            }
        });
    }

    /// Standard output so far.
    public List<String> out() {
        return List.copyOf(out);
    }

    /// Standard error so far.
    public List<String> err() {
        return List.copyOf(err);
    }

    /// Waits for a line of standard error that has a match.
    public MatchResult awaitErr(String regex) {
        return await(err, regex);
    }

    /// Waits for a line of standard output that has a match.
    public MatchResult awaitOut(String regex) {
        return await(out, regex);
    }

    private MatchResult await(List<String> lines, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return Awaitility.await(regex)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .failFast(() -> assertThat(isAlive() || readersAlive() || find(lines, pattern) != null)
                        .as("it ended without '%s': %s", regex, this)
                        .isTrue())
                .until(() -> find(lines, pattern), found -> found != null);
    }

    private static @Nullable MatchResult find(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElse(null);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Its process, which the launcher has become.
    public long pid() {
        return process.pid();
    }

    private boolean readersAlive() {
        return outReader.isAlive() || errReader.isAlive();
    }

    /// Writes to standard input, and ends it.
    public void type(String text) throws IOException {
        try (var in = process.outputWriter(UTF_8)) {
            in.write(text);
        }
    }

    /// Sends a signal, `TERM` or `INT`, as `kill` does.
    public void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    /// The end that no program can prepare for.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Waits for the end.
    public int exitCode() throws InterruptedException {
        return exitCode(PATIENCE);
    }

    /// Waits for the end, which must come in time, and for all of its output.
    public int exitCode(Duration most) throws InterruptedException {
        assertThat(process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s: %s", most, this)
                .isTrue();
        outReader.join(PATIENCE);
        errReader.join(PATIENCE);
        return process.exitValue();
    }

    /// Asks it to end, and does not wait.
    public void stop() {
        process.destroy();
    }

    /// Ends it as a service manager would, and by force where that does not help.
    @Override
    public void close() {
        stop();
        var _ = process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        var _ = process.destroyForcibly().onExit().join();
    }

    @Override
    public String toString() {
        return "pid " + process.pid() + (isAlive() ? " alive" : " ended with " + process.exitValue()) + "\nout: "
                + String.join("\n     ", out) + "\nerr: " + String.join("\n     ", err);
    }
}
