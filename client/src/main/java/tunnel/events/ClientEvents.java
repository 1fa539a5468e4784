package tunnel.events;

import java.time.Duration;
import java.util.List;
import tunnel.protocol.TunnelProtocol;

/// What a running client tells those who show it to somebody. Called on the client's threads, which must not be kept waiting;
/// several may call at the same time.
public interface ClientEvents {
    /// A tunnel as it is shown.
    ///
    /// @param id the client's own number for it
    /// @param label what its user calls it, or empty
    /// @param local the local service as a line for the user shows it, as in `http://localhost:4000`
    /// @param urls what visitors type, the best first; empty before the server has assigned them. The server's words: made
    ///     printable
    /// @param name the one under the server's domain, or empty; the server's word, too
    /// @param port the public port, or 0
    record Shown(
            int id, String label, TunnelProtocol protocol, String local, List<String> urls, String name, int port) {
        /// One of which the server has said nothing but its addresses.
        public Shown(int id, String label, TunnelProtocol protocol, String local, List<String> urls) {
            this(id, label, protocol, local, urls, "", 0);
        }
    }

    /// A dial to the server failed, and another will follow.
    ///
    /// @param why a sentence for the user
    default void unreachable(String why) {}

    /// The server has accepted the token, and says what it may have. An older server does not say so.
    ///
    /// @param rights the token's name, then `key=value` for each right. The server's words: made printable
    default void loggedIn(String rights) {}

    /// There is no session, and the next dial to the server follows after this wait.
    default void retrying(Duration wait) {}

    /// There is a session.
    default void online() {}

    /// How long a question to the server and its answer took. Said now and then while there is a session.
    default void roundTrip(Duration time) {}

    /// The session is lost, and another will be looked for.
    ///
    /// @param why a sentence for the user
    default void lost(String why) {}

    /// Visitors of a tunnel are served from now on, at these addresses. Said again after each reconnect.
    default void ready(Shown tunnel) {}

    /// The server does not give a tunnel; the others go on.
    ///
    /// @param why a sentence for the user
    default void refused(Shown tunnel, String why) {}

    /// A tunnel was taken away by its user.
    default void removed(Shown tunnel) {}

    /// A local service does not answer.
    ///
    /// @param why a sentence for the user
    default void localDown(Shown tunnel, String why) {}

    /// A local service answers again.
    default void localUp(Shown tunnel) {}

    /// An exchange began, or there is more to say of it. On one thread for all exchanges, apart from those that carry bytes; under
    /// load some are left out, and their number told by {@link #exchangesMissed}.
    default void exchange(Exchange exchange) {}

    /// So many exchanges were not looked at, or not to their end, since their client had better things to do.
    default void exchangesMissed(long count) {}

    /// The inspector can be opened there.
    ///
    /// @param url with this run's token: for the user's eyes alone
    default void inspector(String url) {}

    /// Tells several, in their order.
    static ClientEvents all(List<ClientEvents> several) {
        return new AllEvents(List.copyOf(several));
    }
}
