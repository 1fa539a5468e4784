package tunnel.config;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    private Path folder;

    @Test
    void tellsOfAFileThatIsReplacedChangedAndGone() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "a");
        AtomicInteger news = new AtomicInteger();
        try (FileWatch _ = new FileWatch(file, news::incrementAndGet)) {
            awaitNews(news, 1);
            Files.move(Files.writeString(folder.resolve("g"), "b"), file, StandardCopyOption.REPLACE_EXISTING);
            awaitNews(news, 2);
            Files.writeString(file, "longer");
            awaitNews(news, 3);
            Files.delete(file);
            awaitNews(news, 4);
        }
    }

    /// As a pipe, which would be empty when read again.
    @Test
    void doesNotLookAtWhatIsNoFile() {
        try (FileWatch watch = new FileWatch(folder, () -> {})) {
            await().atMost(Duration.ofSeconds(20)).until(watch::isOver);
        }
    }

    private static void awaitNews(AtomicInteger news, int count) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(() -> news.get() == count);
    }
}
