package tunnel.screen;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.cli.Signals;
import tunnel.cli.Terminal;
import tunnel.events.ClientModel;
import tunnel.log.Diversion;

/// The terminal's whole window, for as long as the client runs. A thread of its own draws when something is different, ten times a
/// second at the most; a terminal that was stopped stops that thread and nothing else. The log's lines are shown here meanwhile, and
/// where standard error is a terminal, here alone.
public final class Screen implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Screen.class);
    private static final long BETWEEN_MILLIS = 100;
    /// Ages and rates change by themselves.
    private static final long TICK_MILLIS = 1000;
    /// For the terminal to take what is being written to it, and to be given back.
    private static final Duration LEAVE = Duration.ofSeconds(1);
    /// For its modes alone, where it is stopped.
    private static final Duration MODES = Duration.ofMillis(200);
    /// From the signal that stops this process to when it has. There is none where nobody could have it go on.
    private static final long STOP_MILLIS = 300;
    private static final long LOOK_MILLIS = 1000; // a shell brings a running program to the front without a word

    private final ClientModel model;
    private final Tty tty;
    private final Drawing drawing;
    private final Messages messages = new Messages();
    private final Painter painter = new Painter();
    private final Thread thread = Thread.ofPlatform().daemon().name("screen").unstarted(this::run);

    private final Semaphore news = new Semaphore(0);
    private final Semaphore continued = new Semaphore(0); // after this process was stopped
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean resized = true;
    private volatile boolean stopped; // asked for by Ctrl-Z

    private final Diversion diversion;
    private Runnable gone = () -> {};

    private Screen(ClientModel model, Tty tty, Drawing drawing) {
        this.model = model;
        this.tty = tty;
        this.drawing = drawing;
        this.diversion = new Diversion(this::show, Terminal.isAt(2));
    }

    /// Looks whether there can be one on standard output, which is a terminal. Nothing is shown before {@link #start}.
    ///
    /// @param withCode whether the first address is to be drawn as a QR code
    /// @return null where the terminal cannot be drawn on, or is another program's at present
    public static @Nullable Screen at(ClientModel model, boolean withCode) {
        if (!Look.canMoveTheCursor(System.getenv())) {
            return null;
        }
        Tty tty = Tty.open();
        if (tty == null) {
            return null;
        }
        return new Screen(model, tty, new Drawing(Look.of(System.getenv(), tty.charset()), withCode));
    }

    /// Takes the window.
    ///
    /// @param quit run on a thread of its own when the user types q
    /// @param ended run when the screen cannot go on, and the client does
    public void start(Runnable quit, Runnable ended) {
        gone = ended;
        model.onChange(this::wake);
        Signals.handle("WINCH", () -> {
            resized = true;
            wake();
        });
        Signals.handle("TSTP", this::stop);
        Signals.handle("CONT", () -> {
            continued.release();
            resized = true;
            wake();
        });
        Signals.ignore("TTIN"); // in the background nothing is read, and nothing shall stop for that
        Signals.ignore("TTOU");
        thread.start();
        if (Terminal.isAt(0)) {
            Thread.ofPlatform().daemon().name("keys").start(new Keys(quit, this::repaint));
        }
    }

    private void show(Diversion.Line line) {
        messages.add(new Message(line.at(), line.severe(), line.text()));
        wake();
    }

    private void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void repaint() {
        resized = true;
        wake();
    }

    private void stop() {
        stopped = true;
        wake();
    }

    private void run() {
        boolean failed = true;
        try {
            tty.enter();
            while (closing.getCount() > 0) {
                if (stopped) {
                    standStill();
                }
                draw();
                if (!closing.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS) && news.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
            failed = false;
        } catch (IOException e) {
            log.debug("the terminal is gone: {}", e.getMessage());
        } catch (InterruptedException e) {
            failed = false; // closed
        } catch (RuntimeException e) {
            log.error("the screen failed; the tunnels go on", e);
        } finally {
            tty.close();
            if (failed) {
                diversion.close();
                gone.run();
            }
        }
    }

    private Size size = Size.USUAL;

    private void draw() throws IOException {
        if (resized) {
            resized = false;
            size = tty.size();
            painter.forget();
        }
        String different = painter.paint(drawing.draw(model.snapshot(), messages.all(), size, Instant.now()));
        if (!different.isEmpty()) {
            tty.write(different);
        }
    }

    /// Gives the window back and stops this process, as Ctrl-Z does with others. When it goes on in the foreground, takes the window
    /// again; in the background, not before it is brought back.
    private void standStill() throws IOException, InterruptedException {
        tty.leave();
        stopped = false;
        continued.drainPermits();
        Signals.byDefault("TSTP");
        tty.stopProcess();
        continued.tryAcquire(STOP_MILLIS, TimeUnit.MILLISECONDS);
        while (!tty.isInFront()) {
            continued.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        Signals.handle("TSTP", this::stop);
        tty.enter();
        resized = true;
    }

    /// Gives the window back, within a second; a terminal that is stopped gets it back when it goes on. What the log said of trouble
    /// goes to standard error then. Closing again does nothing.
    @Override
    public void close() {
        tty.ending(); // a second Ctrl-C ends the process at once
        closing.countDown();
        try {
            boolean ended = thread.getState() == Thread.State.NEW || thread.join(LEAVE);
            if (!ended) {
                thread.interrupt();
            }
            tty.close();
            tty.awaitKeeper(ended ? LEAVE : MODES);
        } catch (InterruptedException e) {
            tty.close();
            Thread.currentThread().interrupt();
        }
        diversion.close();
    }
}
