package tunnel.home;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    private Path folder;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void newFoldersArePrivate() throws IOException {
        PrivateFiles.makeFolder(folder.resolve("a/b"));
        PrivateFiles.makeFolder(folder.resolve("a/b"));

        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
    }

    @Test
    void aFolderThatIsThereStaysAsItIs() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFiles.makeFolder(open);

        assertThat(mode(open)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void filesArePrivateAlsoWhereTheyReplaceOneThatWasNot() throws IOException {
        Path file = Files.writeString(folder.resolve("join"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        PrivateFiles.write(file, "grün\n");

        assertThat(Files.readString(file, UTF_8)).isEqualTo("grün\n");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("join");
    }

    @Test
    void whatACrashLeftBehindIsNoHindrance() throws IOException {
        Path left = Files.writeString(folder.resolve("join.new"), "half");
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
        PrivateFiles.write(folder.resolve("join"), "whole");

        assertThat(names()).containsExactly("join");
        assertThat(mode(folder.resolve("join"))).isEqualTo("rw-------");
    }

    /// Whoever has the old file open goes on reading the old text: it was replaced, not written over.
    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("join");
        PrivateFiles.write(file, "old");
        try (var open = Files.newBufferedReader(file, UTF_8)) {
            PrivateFiles.write(file, "newer");
            assertThat(open.readLine()).isEqualTo("old");
        }
        assertThat(Files.readString(file)).isEqualTo("newer");
    }

    @Test
    void aFileIsRemovedAndOneThatIsNotThereIsNoError() throws IOException {
        Path file = folder.resolve("join");
        PrivateFiles.write(file, "text");
        PrivateFiles.delete(file);
        PrivateFiles.delete(file);

        assertThat(names()).isEmpty();
    }

    @Test
    void aWriteThatFailsLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("join");
        PrivateFiles.write(file, "old");
        Files.createDirectories(folder.resolve("join.new/in-the-way"));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> PrivateFiles.write(file, "new"))
                .isInstanceOf(IOException.class);
        assertThat(Files.readString(file)).isEqualTo("old");
    }
}
