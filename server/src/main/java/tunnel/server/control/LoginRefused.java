package tunnel.server.control;

import java.io.Serial;
import tunnel.net.PeerFault;

/// Somebody may not log in, or not now: counted apart from peers that break the protocol.
final class LoginRefused extends PeerFault {
    @Serial
    private static final long serialVersionUID = 1;

    LoginRefused(String message) {
        super(message);
    }
}
