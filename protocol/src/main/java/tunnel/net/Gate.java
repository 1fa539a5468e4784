package tunnel.net;

import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// Who may come in by a listener, decided before a thread is started for the connection.
///
/// @param <P> what a connection has that was let in
@FunctionalInterface
public interface Gate<P extends Gate.Pass> {
    /// Lets a connection in, or ends it. On the accept loop: it must not block.
    ///
    /// @return null where it may not come in; it is the gate's to close then, at once or after a last word
    @Nullable P admit(SocketChannel connection, InetAddress peer);

    /// What an admitted connection holds while it is open.
    interface Pass {
        /// The connection is closed. Called once.
        void leave();
    }
}
