package tunnel.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serial;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tunnel.home.PrivateFiles;

/// The folder with all that outlives a server: its key and certificate, the stored keys of tokens, the join string. Private
/// to its owner (0700, files 0600), and used by one process at a time, which holds its lock until it is closed: a server, or a
/// command that changes the tokens of a stopped one.
final class StateDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lockFile;

    private StateDirectory(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /// Another process has the lock.
    static final class InUse extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        InUse(String message) {
            super(message);
        }
    }

    /// Makes the folder where it is missing, and locks it.
    ///
    /// @throws InUse when another server has it
    /// @throws IOException with a sentence for the operator: it is not private or cannot be written
    static StateDirectory open(Path folder) throws IOException {
        try {
            PrivateFiles.makeFolder(folder);
            return lock(folder);
        } catch (FileSystemException e) {
            throw new IOException("cannot use the state directory " + folder + ": " + PrivateFiles.why(e)
                    + ". Choose another with --state-dir", e);
        }
    }

    private static StateDirectory lock(Path folder) throws IOException {
        Set<PosixFilePermission> shared = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        shared.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!shared.isEmpty()) {
            throw new IOException("the state directory " + folder
                    + " is open to other users, who could read its keys. Choose one of its own with --state-dir, or make"
                    + " this one private: chmod 700 " + folder);
        }
        FileChannel lockFile =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(lockFile);
        if (lock == null) {
            lockFile.close();
            throw new InUse("another tunnel-server uses the state directory " + folder
                    + ". Stop it, or give this one another folder with --state-dir");
        }
        return new StateDirectory(folder, lockFile);
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (java.nio.channels.OverlappingFileLockException e) {
            return null; // held in this very process
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /// A file's text, or null where there is none.
    @Nullable String read(String name) throws IOException {
        Path file = path(name);
        try {
            return Files.exists(file) ? Files.readString(file, UTF_8) : null;
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + PrivateFiles.why(e), e);
        }
    }

    /// Replaces a file as a whole: whoever reads it sees the old text or the new.
    void write(String name, String text) throws IOException {
        try {
            PrivateFiles.write(path(name), text);
        } catch (IOException e) {
            throw new IOException("cannot write " + path(name) + ": " + PrivateFiles.why(e), e);
        }
    }

    /// Removes a file where it is there.
    void delete(String name) throws IOException {
        try {
            PrivateFiles.delete(path(name));
        } catch (IOException e) {
            throw new IOException("cannot remove " + path(name) + ": " + PrivateFiles.why(e), e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
