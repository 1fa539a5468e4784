package tunnel.inspect.capture;

import java.nio.ByteBuffer;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;

/// Looks at one stream, both its halves, as its bytes pass. It takes nothing from them, adds nothing and never waits.
public interface StreamTap {
    /// Looks at nothing.
    StreamTap NONE = new StreamTap() {
        @Override
        public StreamInput watching(StreamInput fromVisitor) {
            return fromVisitor;
        }

        @Override
        public StreamOutput watching(StreamOutput toVisitor) {
            return toVisitor;
        }

        @Override
        public void fromVisitor(ByteBuffer data) {}

        @Override
        public void fromLocal(ByteBuffer data) {}

        @Override
        public void localEnded() {}

        @Override
        public void failed(String why) {}

        @Override
        public void ended(boolean byVisitor) {}
    };

    /// The half that the visitor sends, looked at.
    StreamInput watching(StreamInput fromVisitor);

    /// The half that goes to the visitor, looked at.
    StreamOutput watching(StreamOutput toVisitor);

    /// The next bytes that the visitor sent, which are left as they are.
    void fromVisitor(ByteBuffer data);

    /// The next bytes that the local service sent, which are left as they are.
    void fromLocal(ByteBuffer data);

    /// The local service has ended its half in order.
    void localEnded();

    /// What is under way will not come to its end; from any thread, the first reason counts.
    ///
    /// @param why in a few words
    void failed(String why);

    /// The stream is over, and nobody carries bytes of it any more.
    ///
    /// @param byVisitor whether the other end broke it
    void ended(boolean byVisitor);
}
