package tunnel.protocol;

import java.io.Serial;
import tunnel.net.PeerFault;

/// The peer speaks no protocol version that this build does. Thrown before the rest of its first frame is looked at, since
/// only the magic and the version range are laid out the same in all versions.
public final class VersionMismatch extends PeerFault {
    @Serial
    private static final long serialVersionUID = 1;

    public VersionMismatch(VersionRange theirs) {
        super("no protocol version in common: the server speaks %s, the client %s".formatted(VersionRange.OURS, theirs));
    }
}
