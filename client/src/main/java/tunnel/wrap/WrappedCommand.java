package tunnel.wrap;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The command that a client starts once its public address is known, and with which it ends. It has the client's own standard
/// input, output and error, and its process group: what the terminal sends reaches it by itself.
///
/// A thread of its own starts the command and waits for its end; each signal comes on another one.
public final class WrappedCommand {
    private static final Logger log = LoggerFactory.getLogger(WrappedCommand.class);
    /// For a command to end whose tunnel is gone for good.
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    /// What became of a signal.
    public enum Signalled {
        /// The command has it, and the client ends with the command.
        PASSED_ON,
        /// There is no command, and will be none.
        NOT_STARTED,
        /// It is the second one: nothing is waited for, and the command is killed.
        SECOND
    }

    /// The first signal, and whom the command had started by then.
    ///
    /// @param hadBefore whether they have it without being sent it
    private record First(String name, boolean hadBefore, List<ProcessHandle> family) {}

    private final List<String> command;
    private final BooleanSupplier foreground; // now: a shell moves programs between front and background
    private final AtomicInteger signals = new AtomicInteger();
    private final CompletableFuture<Integer> over = new CompletableFuture<>(); // its exit code

    private final AtomicBoolean decided = new AtomicBoolean(); // whether it is started, by whoever comes first
    private final CompletableFuture<@Nullable Process> process = new CompletableFuture<>(); // null: it is not started

    private volatile @Nullable First first;

    /// @param command the program and its arguments
    public WrappedCommand(List<String> command) {
        this(command, Foreground::isThis);
    }

    WrappedCommand(List<String> command, BooleanSupplier foreground) {
        this.command = List.copyOf(command);
        this.foreground = foreground;
    }

    /// Looks whether a command can be started.
    ///
    /// @throws CannotStart where that is seen already
    public static void check(List<String> command) throws CannotStart {
        Startable.check(command.getFirst(), System.getenv().getOrDefault("PATH", ""));
    }

    /// Starts it when the addresses are known.
    ///
    /// @param then run when it has ended, and nothing of it is left that a signal was to end
    public void startWith(PublicUrls urls, Runnable then) {
        var _ = urls.variables().thenAccept(variables -> Thread.ofPlatform().name("command").start(() -> {
            run(variables);
            then.run();
        }));
    }

    private void run(Map<String, String> variables) {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        Process started = start(variables);
        process.complete(started);
        if (started == null) {
            return;
        }
        try {
            int code = started.waitFor();
            log.debug("the command has ended with {}", code);
            endFamily();
            over.complete(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Process start(Map<String, String> variables) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(variables);
        try {
            return builder.start();
        } catch (IOException e) { // it was there a moment ago
            log.error("cannot start '{}': {}", command.getFirst(), e.getMessage());
            over.complete(CannotStart.NOT_EXECUTABLE);
            return null;
        }
    }

    /// The command's process; null where it has none and will have none, from here on. One that is being started is waited for,
    /// which takes milliseconds: it may have said something already.
    private @Nullable Process started() {
        if (decided.compareAndSet(false, true)) {
            process.complete(null);
        }
        return process.join();
    }

    /// After a signal nothing of the command stays behind. One that ends by itself may have left something on purpose.
    private void endFamily() {
        First signal = first;
        if (signal != null) {
            Family.end(signal.family(), signal.hadBefore() ? "" : signal.name());
        }
    }

    /// What came from the terminal came to all in front of it. A second one would hurt: npm then kills what it has started.
    private boolean reachesAll(String signal) {
        return !signal.equals("TERM") && foreground.getAsBoolean();
    }

    /// Passes a signal on to the command.
    ///
    /// @param name `TERM`, `INT` or `HUP`
    public Signalled signal(String name) {
        if (signals.incrementAndGet() > 1) {
            killAll();
            return Signalled.SECOND;
        }
        Process running = started();
        if (running == null) {
            over.complete(codeOf(name));
            return Signalled.NOT_STARTED;
        }
        Family family = new Family(running.toHandle());
        boolean reachesAll = reachesAll(name);
        first = new First(name, reachesAll, family.descendants());
        if (!reachesAll) {
            family.signal(name);
        }
        return Signalled.PASSED_ON;
    }

    /// What a shell says of a program that a signal has ended.
    public static int codeOf(String signal) {
        return 128 + NUMBERS.getOrDefault(signal, 0);
    }

    private void killAll() {
        Process running = started();
        if (running != null) {
            new Family(running.toHandle()).kill();
        }
        First signal = first;
        if (signal != null) {
            signal.family().forEach(ProcessHandle::destroyForcibly);
        }
    }

    /// Ends it where it runs, because the tunnel is gone for good; it is not started any more. Waits for it, 14 s at most.
    public void end() {
        Process running = started();
        if (running == null || !running.isAlive()) {
            return;
        }
        log.info("ending the command, since its tunnel is gone");
        Family family = new Family(running.toHandle());
        List<ProcessHandle> all = family.descendants();
        running.destroy();
        try {
            if (!running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                family.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            family.kill();
        }
        Family.end(all, "TERM");
    }

    /// What the client ends with: the command's exit code, 128 and the signal's number where a signal ended it.
    public int exitCode() {
        return over.getNow(0);
    }
}
