package tunnel.net;

import java.io.IOException;
import java.io.Serial;

/// The peer did what it must not do: worth a line in the log and the end of its connection, of nothing else.
public class PeerFault extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public PeerFault(String message) {
        super(message);
    }
}
