package tunnel.net;

import java.io.IOException;
import java.io.Serial;

/// The peer's half has ended without the farewell that its protocol wants: who has cut it off, the peer or somebody between, is
/// not known, nor whether what came is all.
public final class CutOffException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public CutOffException(String message, Throwable cause) {
        super(message, cause);
    }
}
