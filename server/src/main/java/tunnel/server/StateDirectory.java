package tunnel.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.home.PrivateFiles;

/// The folder with all that outlives a server: its key and certificate, the stored keys of tokens, the join string. Private
/// to its owner (0700, files 0600), and used by one process at a time, which holds its lock until it is closed: a server, or a
/// command that changes the tokens of a stopped one.
final class StateDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path folder;

    /// Held while a file is written, and while the folder is given away: whoever gets it reads what was written last, and
    /// finds it unchanged after that. Nobody who serves a client takes it.
    private final ReentrantLock changing = new ReentrantLock();

    @GuardedBy("changing")
    private @Nullable FileChannel lockFile; // null while another server may have it

    private StateDirectory(Path folder, @Nullable FileChannel lockFile) {
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
            checkPrivate(folder);
            return new StateDirectory(folder, lock(folder));
        } catch (FileSystemException e) {
            throw new IOException("cannot use the state directory " + folder + ": " + PrivateFiles.why(e)
                    + ". Choose another with --state-dir", e);
        }
    }

    /// To read from while somebody else may have it. Whoever closes it gives up nothing.
    static StateDirectory unlocked(Path folder) {
        return new StateDirectory(folder, null);
    }

    private static void checkPrivate(Path folder) throws IOException {
        Set<PosixFilePermission> shared = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        shared.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!shared.isEmpty()) {
            throw new IOException("the state directory " + folder
                    + " is open to other users, who could read its keys. Choose one of its own with --state-dir, or make"
                    + " this one private: chmod 700 " + folder);
        }
    }

    /// The lock's file has the process id of whoever holds it.
    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new InUse("another tunnel-server, process " + Files.readString(file).strip()
                        + ", uses the state directory " + folder
                        + ". Stop it, take its place with --take-over, or give this one another folder with --state-dir");
            }
            channel.truncate(0).write(UTF_8.encode(ProcessHandle.current().pid() + "\n"));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Lets another process have the folder; nothing is written from here on.
    void unlock() throws IOException {
        changing.lock();
        try {
            FileChannel held = lockFile;
            lockFile = null;
            if (held != null) {
                held.close();
            }
        } finally {
            changing.unlock();
        }
    }

    /// Takes the folder back.
    ///
    /// @throws InUse when another server has it
    void lockAgain() throws IOException {
        changing.lock();
        try {
            lockFile = lock(folder);
        } finally {
            changing.unlock();
        }
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
            throw new IOException("cannot read " + file + ": " + PrivateFiles.why(e) + ". Run this as the server's user, or as root", e);
        }
    }

    /// Replaces a file as a whole: whoever reads it sees the old text or the new. One that says the same already is left alone:
    /// a server that was there before starts on a full disk too.
    void write(String name, String text) throws IOException {
        changing.lock();
        try {
            if (lockFile == null) {
                throw new IOException("another tunnel-server is taking the place of this one. Try again in a moment");
            }
            writeFile(name, text);
        } finally {
            changing.unlock();
        }
    }

    private void writeFile(String name, String text) throws IOException {
        if (text.equals(read(name))) {
            return;
        }
        try {
            PrivateFiles.write(path(name), text);
        } catch (IOException e) {
            throw new IOException("cannot write " + path(name) + ": " + PrivateFiles.why(e)
                    + ". See whether the disk is full, and whose the folder is", e);
        }
    }

    /// Removes a file where it is there.
    void delete(String name) throws IOException {
        try {
            PrivateFiles.delete(path(name));
        } catch (IOException e) {
            throw new IOException("cannot remove " + path(name) + ": " + PrivateFiles.why(e) + ". See whose the folder is", e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        unlock();
    }
}
