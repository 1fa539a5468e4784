package tunnel.wrap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process and those that it has started, who tend to outlive it: `npm run dev` is npm, a shell and the app, and the shell
/// dies of a signal without passing it on.
final class Family {
    private static final Logger log = LoggerFactory.getLogger(Family.class);
    /// For those that are left to end by themselves, and again when they were asked to.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ProcessHandle process;

    Family(ProcessHandle process) {
        this.process = process;
    }

    /// All that it has started and those have, at this moment: of a process that has ended nobody knows what it had started.
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /// Sends a signal to the process alone. Java can send SIGTERM; for the others the shell's own `kill` is asked.
    void signal(String name) {
        signal(process, name);
    }

    private static void signal(ProcessHandle to, String name) {
        if (!name.equals("TERM") && kill(to, name)) {
            return;
        }
        to.destroy();
    }

    private static boolean kill(ProcessHandle to, String name) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + to.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS) && kill.exitValue() == 0;
        } catch (IOException e) {
            log.debug("kill -{} failed: {}", name, e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Sees that none of those is left, within 4 s.
    ///
    /// @param signal that is sent to them first, or empty where they have had it
    static void end(List<ProcessHandle> left, String signal) {
        List<ProcessHandle> alive = alive(left);
        if (!signal.isEmpty()) {
            alive.forEach(one -> signal(one, signal));
        }
        alive = awaitEnd(alive);
        if (signal.isEmpty()) {
            alive.forEach(ProcessHandle::destroy);
            alive = awaitEnd(alive);
        }
        alive.forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> awaitEnd(List<ProcessHandle> of) {
        var _ = CompletableFuture.allOf(of.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return alive(of);
    }

    private static List<ProcessHandle> alive(List<ProcessHandle> of) {
        return of.stream().filter(ProcessHandle::isAlive).toList();
    }

    /// Ends all of them at once.
    void kill() {
        List<ProcessHandle> all = descendants();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
