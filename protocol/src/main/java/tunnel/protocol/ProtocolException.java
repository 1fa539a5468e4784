package tunnel.protocol;

import java.io.Serial;
import tunnel.net.PeerFault;

/// The peer sent something that `docs/protocol.md` forbids. The message says which rule, for the log.
public final class ProtocolException extends PeerFault {
    @Serial
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
