package tunnel.inspect;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.events.ClientEvents;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.replay.LocalReplays;
import tunnel.inspect.save.Saving;
import tunnel.inspect.store.Store;
import tunnel.inspect.web.InspectServer;

/// The inspector of one client. Captures from the client's first stream on; its web server starts when the first tunnel is up, or
/// cannot be, since before that every millisecond is the user's who waits for an address. Where it cannot start the client goes
/// on without it.
public final class Inspector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Inspector.class);

    private final InspectSettings settings;
    private final @Nullable Saving saving;
    private final Store store;
    private final InspectServer.Shown shown;
    private final InspectServer.State state;
    private final AtomicBoolean started = new AtomicBoolean();

    private volatile Capture capture = Capture.off();
    private volatile @Nullable ClientEvents told;
    private volatile @Nullable InspectServer server;
    private volatile boolean closed;

    /// Listens nowhere yet; a file to save to is made at once.
    ///
    /// @param version the client's
    /// @param tunnelServer the tunnel server's host and port
    /// @throws IOException with a sentence for the user, where the file cannot be had
    public Inspector(InspectSettings settings, String version, String tunnelServer) throws IOException {
        InspectServer.bounds();
        this.settings = settings;
        this.saving = settings.save() == null ? null : Saving.to(settings.save(), version);
        this.store = new Store(Store.Bounds.DEFAULT, saving == null ? _ -> {} : saving);
        this.shown = new InspectServer.Shown(version, tunnelServer, store, new LocalReplays(() -> capture));
        this.state = new InspectServer.State(shown);
    }

    /// What it wants to be told by the client.
    public ClientEvents events() {
        return ClientEvents.all(List.of(state.events(), new Starting()));
    }

    /// The side copy that fills it.
    ///
    /// @param told of each exchange, and of the inspector's address: everybody who shows something, {@link #events} among them
    public Capture capture(ClientEvents told) {
        this.told = told;
        Capture made = new Capture(
                Capture.Mode.FULL, Capture.Limits.DEFAULT, new Masks(settings.masked()), store, told);
        capture = made;
        return made;
    }

    /// Starts the web server with the first news.
    private final class Starting implements ClientEvents {
        @Override
        public void unreachable(String why) {
            start();
        }

        @Override
        public void ready(Shown tunnel) {
            start();
        }

        @Override
        public void refused(Shown tunnel, String why) {
            start();
        }
    }

    private void start() {
        if (settings.on() && started.compareAndSet(false, true)) {
            Thread.ofVirtual().name("inspector-start").start(this::serve);
        }
    }

    private void serve() {
        try {
            InspectServer running = InspectServer.start(settings.host(), settings.port(), shown, state);
            server = running;
            if (closed) {
                running.close();
                return;
            }
            ClientEvents all = told;
            if (all != null) {
                all.inspector(running.url());
            }
        } catch (IOException | RuntimeException e) {
            log.warn("the inspector cannot listen on {}:{}: {}. Choose another address with --inspect, or --inspect off",
                    settings.host(), settings.port(), e.getMessage());
        }
    }

    /// Ends it. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        capture.close();
        if (saving != null) {
            saving.close();
        }
        InspectServer running = server;
        if (running != null) {
            running.close();
        }
    }
}
