package tunnel.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a list shows of an HTTP exchange, or of a connection through a tunnel that is not HTTP. All of it but the numbers may be
/// a stranger's words.
///
/// @param id counts up from 1 while the client runs
/// @param tunnel its label or else its name
/// @param started when its first byte came
/// @param visitor the visitor's address, or empty for a replay
/// @param method empty where it is not HTTP
/// @param host the Host field, or empty
/// @param path with the query; empty where it is not HTTP
/// @param status 0 before there is a response
/// @param failure why there will be none, in a few words; null where nothing failed
/// @param micros how long it took, or has taken so far
/// @param requestBytes of the body; of a connection that is not HTTP, all that went to the local service
/// @param responseBytes the same the other way
/// @param type the response's media type, or empty
/// @param replayOf the exchange that this one repeats, or 0
public record Exchange(
        long id,
        String tunnel,
        Instant started,
        String visitor,
        Kind kind,
        String method,
        String host,
        String path,
        int status,
        State state,
        @Nullable String failure,
        long micros,
        long requestBytes,
        long responseBytes,
        String type,
        long replayOf) {
    /// What goes on in it.
    public enum Kind {
        HTTP,
        /// After a switch of protocols.
        WEBSOCKET,
        /// A response of `text/event-stream`.
        EVENT_STREAM,
        /// A connection through a TCP tunnel.
        TCP
    }

    /// How far it is.
    public enum State {
        RUNNING,
        COMPLETE,
        /// It broke off, or had no answer.
        FAILED
    }
}
