package tunnel.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tunnel.admin.AdminClient;

/// The sockets of all clients of a user that run, and what is left of those that were killed.
record ClientSockets(Path folder) {
    static final String ENDING = ".sock";
    /// A socket has a file a moment before anybody listens there.
    private static final Duration YOUNG = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// @throws IOException with a sentence where other users could look into the folder
    void checkPrivate() throws IOException {
        EnumSet<PosixFilePermission> shared = EnumSet.noneOf(PosixFilePermission.class);
        shared.addAll(Files.getPosixFilePermissions(folder));
        shared.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!shared.isEmpty()) {
            throw new IOException("it is open to other users. Make it private: chmod 700 " + folder);
        }
    }

    /// All, the oldest first.
    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted((a, b) -> time(a).compareTo(time(b)))
                    .toList();
        }
    }

    private static Instant time(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.MAX; // it is gone
        }
    }

    /// Asks each client that runs, all at the same time: one that is stopped answers nothing.
    ///
    /// @return the lines of each answer
    List<List<List<String>>> askAll(List<String> words) throws IOException {
        List<CompletableFuture<List<List<String>>>> answers = files().stream()
                .map(file -> CompletableFuture.supplyAsync(() -> ask(file, words), Thread::startVirtualThread))
                .toList();
        return answers.stream().map(CompletableFuture::join).filter(lines -> !lines.isEmpty()).toList();
    }

    /// Empty where there is no answer.
    private static List<List<String>> ask(Path file, List<String> words) {
        try (AdminClient client = connect(file)) {
            if (client == null) {
                return List.of();
            }
            client.takesUpTo(PATIENCE);
            return client.ask(words);
        } catch (IOException e) {
            System.err.println("one client is passed over: " + e.getMessage());
            return List.of();
        }
    }

    /// Removes what nobody listens at any more.
    void removeStale() throws IOException {
        for (Path file : files()) {
            try (AdminClient _ = connect(file)) {
                // it is another client's, or gone
            }
        }
    }

    private static @Nullable AdminClient connect(Path file) throws IOException {
        AdminClient client = AdminClient.connect(file, "the client");
        if (client == null && time(file).isBefore(Instant.now().minus(YOUNG))) {
            Files.deleteIfExists(file);
        }
        return client;
    }
}
