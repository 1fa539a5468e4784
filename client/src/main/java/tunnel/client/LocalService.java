package tunnel.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.HostPort;
import tunnel.net.PlainTransport;

/// The web app, or whatever a tunnel leads to. Says once that it is down, and once that it is back.
final class LocalService {
    private static final Logger log = LoggerFactory.getLogger(LocalService.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10); // the server waits 15 s

    private final HostPort address;
    private final AtomicBoolean down = new AtomicBoolean();

    LocalService(HostPort address) {
        this.address = address;
    }

    HostPort address() {
        return address;
    }

    /// Connects. The caller owns the connection.
    ///
    /// @throws SocketTimeoutException when it does not answer within 10 s
    PlainTransport dial() throws IOException {
        try {
            PlainTransport connection = Dialer.connect(address, PATIENCE);
            if (down.compareAndSet(true, false)) {
                log.info("{} is up again", address);
            }
            return connection;
        } catch (IOException e) {
            if (down.compareAndSet(false, true)) {
                log.warn("cannot reach {}: {}. Is your app running? Visitors are told so; the next request tries again.",
                        address, e.getMessage());
            }
            throw e;
        }
    }
}
