package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program that is not ours, as its users run it. Where it is missing the test is skipped.
public record Tool(Path program) {
    private static final int PATIENCE_SECONDS = 60;

    /// How it ended.
    record Outcome(int exitCode, String text, String err) {}

    /// Finds it on the path.
    public static Tool named(String name) {
        Path found = null;
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path program = Path.of(folder, name);
            found = found == null && Files.isExecutable(program) ? program : found;
        }
        assumeTrue(found != null, name + " is not installed");
        return new Tool(java.util.Objects.requireNonNull(found));
    }

    public ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    Outcome run(String... arguments) throws Exception {
        return run(Map.of(), new byte[0], arguments);
    }

    /// Runs it to its end.
    Outcome run(Map<String, String> environment, byte[] in, String... arguments) throws Exception {
        ProcessBuilder builder = builder(arguments);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
            try (OutputStream to = process.getOutputStream()) {
                to.write(in);
            } catch (IOException e) {
                // it has ended without reading all of it
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(program + " did not end within " + PATIENCE_SECONDS + " s");
            }
            return new Outcome(process.exitValue(), out.join(), err.join());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String all(InputStream from) {
        try (from) {
            return new String(from.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
