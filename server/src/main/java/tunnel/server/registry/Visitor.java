package tunnel.server.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;

/// A visitor's connection as the client's side sees it. For each stream that was opened for it exactly one of {@link #opened},
/// {@link #refused} and {@link #reset} is called first, and only {@link #reset} may follow {@link #opened}.
public interface Visitor {
    /// What its log lines carry, as `visitor-17`.
    String id();

    /// Where it comes from.
    InetSocketAddress address();

    /// Since when it waits, of `System.nanoTime`: its request's head was complete, or its connection there.
    long sinceNanos();

    /// The local service is connected. Called on the data channel's thread, which is the visitor's until this returns: it
    /// relays what comes in to the visitor, to the end of that half.
    ///
    /// @throws IOException when the data channel is lost
    void opened(StreamInput in, StreamOutput out) throws IOException;

    /// There will be no stream. Called on any thread; must not wait for the visitor.
    void refused(Refusal why);

    /// The stream broke, at the other end or because the visitor's own side has reset it. Called on any thread; must not wait
    /// for the visitor.
    void reset();
}
