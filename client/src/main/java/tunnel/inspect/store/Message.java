package tunnel.inspect.store;

/// A message inside an exchange: of a WebSocket, or an event of an event stream; masked.
///
/// @param at microseconds since the exchange began
/// @param fromVisitor who sent it
/// @param kept its first bytes, or all; nobody changes them
/// @param bytes how many it had
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Message(long at, boolean fromVisitor, Type type, byte[] kept, long bytes, boolean truncated) {
    /// What it is.
    public enum Type {
        TEXT,
        BINARY,
        PING,
        PONG,
        CLOSE,
        /// Of an event stream.
        EVENT,
        /// It was compressed, and cannot be read: something before it was not captured.
        COMPRESSED
    }

    /// What it takes in memory, about.
    int size() {
        return kept.length + 64;
    }
}
