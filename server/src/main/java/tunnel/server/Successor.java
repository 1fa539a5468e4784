package tunnel.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.admin.AdminClient;

/// A server that takes another one's place, see {@link HandOver}: what it says to that one, step by step. Closing it before the
/// last step has the other one go on.
final class Successor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Successor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLIENTS = Duration.ofSeconds(5); // they dial within 0.5 s, 500 of them log in within 5
    private static final Duration LOOK = Duration.ofMillis(10);

    private final AdminClient predecessor;
    private final int controlPort;
    private final int httpPort;
    private final int tunnels;

    private Successor(AdminClient predecessor, List<String> place) {
        this.predecessor = predecessor;
        this.controlPort = Integer.parseInt(place.get(0));
        this.httpPort = Integer.parseInt(place.get(1));
        this.tunnels = Integer.parseInt(place.get(2));
    }

    /// Asks the server that uses the folder for its place. On return the folder is free, and no client comes in.
    ///
    /// @return null where no server runs
    static @Nullable Successor of(Path stateDirectory) throws IOException {
        AdminClient predecessor = AdminClient.connect(stateDirectory);
        if (predecessor == null) {
            log.info("no server runs that could be taken over");
            return null;
        }
        try {
            predecessor.takesUpTo(PATIENCE);
            predecessor.begin(List.of(HandOver.NAME));
            List<String> place = predecessor.hear();
            if (place == null || place.size() != 3) {
                throw new IOException("the server that runs does not give its place away. Stop it, and start this one again");
            }
            return new Successor(predecessor, place);
        } catch (IOException | RuntimeException e) {
            predecessor.close();
            throw e;
        }
    }

    /// The other one's, for 0 any.
    int controlPort(int wish) {
        return wish == 0 ? controlPort : wish;
    }

    /// Whether the HTTP edge is to listen where the other one's does.
    boolean hasHttpPort(int wish) {
        return wish == 0 || wish == httpPort;
    }

    int httpPort() {
        return httpPort;
    }

    /// Has the clients sent here, and waits until as many tunnels are open as there were, or 5 s: a client that has gone meanwhile
    /// does not come.
    ///
    /// @param open how many tunnels are open
    void takeClients(IntSupplier open) throws IOException {
        step(HandOver.CLIENTS);
        long end = System.nanoTime() + CLIENTS.toNanos();
        try {
            while (open.getAsInt() < tunnels && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.info("{} of {} tunnels have come over", open.getAsInt(), tunnels);
    }

    /// Has the other one leave the ports to this one.
    void takeVisitors() throws IOException {
        step(HandOver.VISITORS);
    }

    private void step(String word) throws IOException {
        predecessor.takesUpTo(PATIENCE);
        predecessor.say(List.of(word));
        List<String> answer = predecessor.hear();
        if (!List.of(word).equals(answer)) {
            throw new IOException("the server that runs has gone in the middle of the take-over. Start this one again");
        }
    }

    @Override
    public void close() {
        predecessor.close();
    }
}
