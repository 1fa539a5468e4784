package tunnel.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.cli.RefusedException;
import tunnel.config.FileWatch;
import tunnel.events.ClientEvents;
import tunnel.events.ClientModel;

/// A client and what goes with it for as long as it runs: what shows it, the inspector, and the socket that `status` asks.
final class ClientRun implements AutoCloseable {
    private final TunnelClient client;
    private final Display display;
    private final StatusSocket status;
    private final InspectArguments.Running inspector;

    /// @param display closed with it
    /// @param others who are told of what the client does, too
    ClientRun(ClientSettings settings, Display display, ClientModel model, InspectArguments inspect, List<ClientEvents> others)
            throws IOException {
        List<ClientEvents> told = new ArrayList<>(others);
        told.add(model);
        this.display = display;
        this.status = StatusSocket.of(model);
        this.inspector = inspect.begin(settings.join(), display, told);
        this.client = new TunnelClient(settings, inspector.watchers());
    }

    /// Shows and serves until {@link #leave}, or until the server does not want this client.
    void run() throws IOException, RefusedException {
        display.start(client::close);
        client.run();
    }

    /// Has the client follow the file that its tunnels are from, until the watch is closed.
    ///
    /// @param configured or null, and then the watch is too
    @Nullable FileWatch follow(@Nullable ConfiguredTunnels configured) {
        return configured == null ? null : Reload.start(configured, client);
    }

    /// Leaves the server; {@link #run} returns.
    void leave() {
        client.close();
    }

    /// Ends all of it. Closing again does nothing.
    @Override
    public void close() {
        Thread showing = Thread.ofPlatform().name("display").start(display::close); // may take a second, as the client may
        client.close();
        inspector.close();
        status.close();
        await(showing);
    }

    /// Not to be broken off: to close a client interrupts the thread that runs it, which is the one that ends the process.
    private static void await(Thread showing) {
        boolean interrupted = false;
        while (showing.isAlive()) {
            try {
                showing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
