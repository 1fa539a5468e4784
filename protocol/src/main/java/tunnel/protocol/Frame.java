package tunnel.protocol;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// Everything that client and server say to each other, each with who sends it and what answers it.
/// `docs/protocol.md` has the layout to the byte; {@link Codec} is its one implementation.
///
/// A tunnel id is a positive int of the client's choosing; 0 in `Reject` is the whole session. A stream number is a positive
/// long, unique in its session.
public sealed interface Frame {
    /// Server, first on every connection without TLS: 32 random bytes that the connection's proofs are bound to.
    /// Answered by `Init` or `DataInit`.
    record Challenge(Bytes nonce) implements Frame {}

    /// Client, first on a control channel: who it is. Answered by `Welcome` or `Reject`.
    ///
    /// @param token the token's id, 16 bytes
    /// @param nonce 32 random bytes, of use without TLS
    /// @param proof of the token, bound to the connection and to the frame's other bytes, 32 bytes
    record Init(VersionRange versions, Bytes token, Bytes nonce, Options options, Bytes proof) implements Frame {}

    /// Server, to `Init`: the session has begun.
    ///
    /// @param session 16 bytes
    /// @param secret what data channels prove; 32 bytes under TLS, none without, where both sides derive it
    /// @param proof that the server knows the token's stored key; 32 bytes without TLS, none with it
    /// @param heartbeatMillis how often both sides ping; a side that hears nothing for three times as long ends the session
    record Welcome(int version, Bytes session, Bytes secret, Bytes proof, int heartbeatMillis, Options options)
            implements Frame {}

    /// Server: a no, to the session or data channel (tunnel 0), which then ends, or to one tunnel alone.
    ///
    /// @param message a sentence for the person at the other end
    record Reject(int tunnel, RejectCode code, String message) implements Frame {}

    /// Client: asks for a tunnel. May follow `Init` at once. Answered by `Assigned` or `Reject`.
    ///
    /// @param name the name wished for, or empty for any
    /// @param port the public port wished for, or 0 for any
    record Bind(int tunnel, TunnelProtocol protocol, String name, int port, Options options) implements Frame {}

    /// Server, to `Bind`: what the tunnel would be. Answered by `Ack`, or `Unbind`.
    ///
    /// @param urls what visitors type, the best first
    record Assigned(int tunnel, String name, List<String> urls, int port, Options options) implements Frame {
        public Assigned {
            urls = List.copyOf(urls);
        }
    }

    /// Client, to `Assigned`: go on. Answered by `Ready` or `Reject`.
    record Ack(int tunnel) implements Frame {}

    /// Server, to `Ack`: visitors can come.
    record Ready(int tunnel) implements Frame {}

    /// Client: a tunnel is given up. Not answered.
    record Unbind(int tunnel) implements Frame {}

    /// Server, on the control channel: how many data channels it wants, those with a stream included. Answered by `DataInit`
    /// on as many new connections as there are too few.
    record OpenData(int target) implements Frame {}

    /// Client, first on a data channel. Answered by `Open` when a visitor comes, or `Reject`.
    ///
    /// @param proof of the session's secret, bound to the connection and to the frame's other bytes, 32 bytes
    record DataInit(VersionRange versions, Bytes session, Options options, Bytes proof) implements Frame {}

    /// Server, on an idle data channel: a visitor came. Answered by `Accepted`, then `Opened` or `Refused`. `Data` may follow
    /// at once.
    record Open(long stream, int tunnel, InetSocketAddress visitor, Options options) implements Frame {}

    /// Client, to `Open`, before it dials: this number is being acted on and will never be again.
    record Accepted(long stream) implements Frame {}

    /// Client, after `Accepted`: the local service is connected.
    record Opened(long stream) implements Frame {}

    /// Client, to `Open`: no, and its half ends with that. Answered by `End` or `Reset` where none was sent yet.
    record Refused(long stream, RefuseReason reason, String message) implements Frame {}

    /// Either: bytes of the stream that the channel carries, never none. How they are cut means nothing, so a reader may hand
    /// out one frame in parts; the payload is only valid until the channel is read again.
    record Data(ByteBuffer payload) implements Frame {}

    /// Either: its half of the stream has ended in order.
    record End(long stream) implements Frame {}

    /// Either, on the data channel and again on the control channel: the stream broke. Answered by `Reset` where no terminal
    /// frame was sent yet.
    record Reset(long stream) implements Frame {}

    /// Either on a control channel, the server on an idle data channel. Answered by `Pong` with the same id.
    record Ping(long id) implements Frame {}

    /// Answers `Ping`; on a control channel only the latest of several needs an answer.
    record Pong(long id) implements Frame {}

    /// Server: it will stop. The client should find another connection; what runs may run on until the session ends.
    record GoAway(String message) implements Frame {}

    /// Either: the session ends now. Not answered.
    record Close(CloseCode code, String message) implements Frame {}
}
