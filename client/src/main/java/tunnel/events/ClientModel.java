package tunnel.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The present of a client, put together from what it tells, for whoever shows it: the screen, `status`. Thread-safe; whoever
/// tells never waits for whoever reads.
public final class ClientModel implements ClientEvents {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Runnable watcher = () -> {};

    @GuardedBy("lock")
    private final Present present;

    /// @param server as in the join string
    public ClientModel(String server) {
        this(server, InstantSource.system());
    }

    ClientModel(String server, InstantSource clock) {
        this.present = new Present(server, clock);
    }

    /// What it is at this moment.
    public ClientSnapshot snapshot() {
        lock.lock();
        try {
            return present.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /// Has `news` run after each change, on the thread that told it, which must not be kept waiting.
    public void onChange(Runnable news) {
        watcher = news;
    }

    private void change(Consumer<ClientEvents> change) {
        lock.lock();
        try {
            change.accept(present);
        } finally {
            lock.unlock();
        }
        watcher.run();
    }

    @Override
    public void unreachable(String why) {
        change(now -> now.unreachable(why));
    }

    @Override
    public void retrying(Duration wait) {
        change(now -> now.retrying(wait));
    }

    @Override
    public void online() {
        change(ClientEvents::online);
    }

    @Override
    public void roundTrip(Duration time) {
        change(now -> now.roundTrip(time));
    }

    @Override
    public void lost(String why) {
        change(now -> now.lost(why));
    }

    @Override
    public void ready(Shown tunnel) {
        change(now -> now.ready(tunnel));
    }

    @Override
    public void refused(Shown tunnel, String why) {
        change(now -> now.refused(tunnel, why));
    }

    @Override
    public void removed(Shown tunnel) {
        change(now -> now.removed(tunnel));
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        change(now -> now.localDown(tunnel, why));
    }

    @Override
    public void localUp(Shown tunnel) {
        change(now -> now.localUp(tunnel));
    }

    @Override
    public void inspector(String address) {
        change(now -> now.inspector(address));
    }

    @Override
    public void exchange(Exchange exchange) {
        change(now -> now.exchange(exchange));
    }

    @Override
    public void exchangesMissed(long count) {
        change(now -> now.exchangesMissed(count));
    }
}
