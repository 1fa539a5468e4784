package tunnel.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tunnel.channel.DataStream;
import tunnel.net.Transport;

/// A session's streams from before their `Accepted` to their end, so that a `Reset` on the control channel reaches them.
/// Thread-safe.
final class SessionStreams {
    private final Map<Long, Running> streams = new ConcurrentHashMap<>();

    private static final class Running {
        private final DataStream stream;
        private volatile boolean reset; // by the server, on the control channel
        private volatile @Nullable Transport local; // once it is connected

        Running(DataStream stream) {
            this.stream = stream;
        }

        void resetLocal() {
            Transport connected = local;
            if (connected != null) {
                connected.reset();
            }
        }
    }

    /// A stream will be accepted.
    void began(DataStream stream) {
        streams.put(stream.number(), new Running(stream));
    }

    /// Its local service is connected.
    ///
    /// @return false where the server has reset it meanwhile
    boolean connected(DataStream stream, Transport local) {
        Running running = streams.get(stream.number());
        if (running == null) {
            return false;
        }
        running.local = local;
        return !running.reset;
    }

    /// Whether anybody waits for its local service: neither has the server reset it, nor is the session over.
    boolean isWanted(DataStream stream) {
        Running running = streams.get(stream.number());
        return running != null && !running.reset;
    }

    /// Whether the server has reset it.
    boolean isReset(DataStream stream) {
        Running running = streams.get(stream.number());
        return stream.isResetByPeer() || (running != null && running.reset);
    }

    void ended(DataStream stream) {
        streams.remove(stream.number());
    }

    int running() {
        return streams.size();
    }

    /// The server has said so on the control channel.
    void reset(long number) {
        Running running = streams.get(number);
        if (running != null) {
            running.reset = true;
            if (running.local != null) { // else whoever dials it will see to the rest
                running.resetLocal();
                Thread.ofVirtual().name("reset").start(running.stream::reset); // it may wait, as a control channel must not
            }
        }
    }

    /// The session is over.
    void resetAll() {
        streams.values().forEach(running -> {
            running.reset = true; // before it looks whether it is connected
            running.resetLocal();
        });
    }
}
