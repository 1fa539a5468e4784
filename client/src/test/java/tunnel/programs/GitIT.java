package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// git over smart HTTP.
class GitIT {
    private final Map<String, String> environment = Map.of(
            "GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_CONFIG_SYSTEM", "/dev/null",
            "GIT_TERMINAL_PROMPT", "0",
            "GIT_AUTHOR_NAME", "a", "GIT_AUTHOR_EMAIL", "a@example.com",
            "GIT_COMMITTER_NAME", "a", "GIT_COMMITTER_EMAIL", "a@example.com");

    private String git(Tool git, Path folder, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "-C";
        all[1] = folder.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Tool.Outcome outcome = git.run(environment, new byte[0], all);
        assertThat(outcome.exitCode()).as("git %s: %s", String.join(" ", arguments), outcome.err()).isZero();
        return outcome.text();
    }

    @Test
    void repositoryIsClonedAndPushedTo(@TempDir Path folder) throws Exception {
        Tool git = Tool.named("git");
        Path backend = Path.of(git(git, folder, "--exec-path").strip(), "git-http-backend");
        assumeTrue(Files.isExecutable(backend), "git http-backend is not installed");
        byte[] big = new byte[3_000_000];
        new Random(3).nextBytes(big);
        Path source = Files.createDirectory(folder.resolve("source"));
        git(git, source, "init", "-q", "-b", "main");
        Files.write(source.resolve("big.bin"), big);
        git(git, source, "add", ".");
        git(git, source, "commit", "-q", "-m", "first");
        git(git, folder, "clone", "-q", "--bare", "source", "served.git");

        try (Programs programs = new Programs();
                GitBridge bridge = new GitBridge(git, folder)) {
            programs.server();
            String url = programs.client("--local", "" + bridge.port()).awaitOut("^(http://localhost:\\d+) -> ").group(1);

            git(git, folder, "clone", "-q", url + "/served.git", "clone");
            Path clone = folder.resolve("clone");
            assertThat(Files.readAllBytes(clone.resolve("big.bin"))).isEqualTo(big);

            new Random(4).nextBytes(big);
            Files.write(clone.resolve("more.bin"), big);
            git(git, clone, "add", ".");
            git(git, clone, "commit", "-q", "-m", "second");
            git(git, clone, "push", "-q", "origin", "main"); // more than git's buffer: in chunks
            assertThat(git(git, folder.resolve("served.git"), "log", "--format=%s")).isEqualTo("second\nfirst\n");
        }
    }
}
