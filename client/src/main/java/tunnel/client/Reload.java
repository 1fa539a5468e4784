package tunnel.client;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.config.BadFileException;
import tunnel.config.FileWatch;

/// Has a running client follow its configuration file. A file that is not good changes nothing. On the watch's thread.
final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final ConfiguredTunnels tunnels;
    private final TunnelClient client;
    private List<String> waiting = List.of(); // keys, for the next start; told

    private Reload(ConfiguredTunnels tunnels, TunnelClient client) {
        this.tunnels = tunnels;
        this.client = client;
    }

    /// Begins, until the watch is closed.
    static FileWatch start(ConfiguredTunnels tunnels, TunnelClient client) {
        return new FileWatch(tunnels.path(), new Reload(tunnels, client)::look);
    }

    private void look() {
        try {
            take(tunnels.changeTo(ClientConfig.read(tunnels.path())));
        } catch (BadFileException e) {
            e.problems().forEach(problem -> log.error("{}", problem));
            log.error("the changed configuration is not good, nothing of it is applied and all goes on as before");
        } catch (IOException e) {
            log.error("{}. All goes on as before", e.getMessage());
        } catch (RuntimeException e) {
            log.error("the changed configuration could not be applied", e); // ours; the client runs on
        }
    }

    private void take(ConfiguredTunnels.Change change) {
        if (!change.news().isEmpty()) {
            client.wish(change.wishes());
            log.info("the configuration has changed: {}", String.join(", ", change.news()));
        }
        if (!change.forRestart().equals(waiting) && !change.forRestart().isEmpty()) {
            log.warn("the configuration has changed: {} will count when tunnel-client is started again",
                    String.join(", ", change.forRestart()));
        }
        waiting = change.forRestart();
        tunnels.taken(change);
    }
}
