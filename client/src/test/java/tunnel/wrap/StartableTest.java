package tunnel.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a command before it is started, and the exit code, which is that of shells.
class StartableTest {
    @TempDir
    private Path folder;

    private void assertRefused(String program, int code, String message) {
        assertThatThrownBy(() -> Startable.check(program, "/nowhere:" + folder))
                .hasMessage(message)
                .isInstanceOfSatisfying(CannotStart.class, refused -> assertThat(refused.exitCode()).isEqualTo(code));
    }

    @Test
    void aProgramIsFoundOnThePathAndByItsOwn() throws Exception {
        Path program = Files.createFile(folder.resolve("dev"));
        assertThat(program.toFile().setExecutable(true)).isTrue();

        Startable.check("dev", "/nowhere:" + folder);
        Startable.check(program.toString(), "/nowhere");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertRefused("dve", 127, "cannot start 'dve': there is no such program on PATH. Is it installed?");
        assertRefused("./dve", 127, "cannot start './dve': there is no such program. Is its path right?");
        assertRefused("", 127, "the program behind -- is empty, as an unset variable is");
    }

    @Test
    void aFileThatMayNotBeExecutedIsNoProgramNorIsAFolder() throws Exception {
        Path file = Files.createFile(folder.resolve("dev.sh"));
        for (String program : new String[] {"dev.sh", file.toString(), folder.toString()}) {
            assertRefused(program, 126,
                    "cannot start '" + program + "': it is not a program that may be executed. Is it a script that needs chmod +x?");
        }
    }
}
