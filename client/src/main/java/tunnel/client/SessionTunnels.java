package tunnel.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.ControlWriter;
import tunnel.cli.RefusedException;
import tunnel.log.Printable;
import tunnel.net.Deadlines;
import tunnel.protocol.Frame;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;

/// How far the client's tunnels are in one session, from `Bind` to `Ready`. The session's thread brings the frames. A server that
/// is too busy for a tunnel, as one whose disk is full, is asked again: the session is good, and a new one would only cost it more.
final class SessionTunnels {
    private static final Logger log = LoggerFactory.getLogger(SessionTunnels.class);

    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LAST_WAIT_MILLIS = 15_000; // as between dials: 500 clients ask 50 times a second

    private final Map<Integer, ClientTunnel> tunnels;
    private final ControlWriter writer;
    private final Deadlines deadlines;
    private final Map<Integer, Long> waits = new HashMap<>(); // in ms, the last of a tunnel for which the server is too busy
    private final Set<Integer> asksAnew = new HashSet<>(); // for another name than it had
    private final Set<Integer> ready = new HashSet<>();
    private final CompletableFuture<@Nullable Void> allReady = new CompletableFuture<>();

    SessionTunnels(Map<Integer, ClientTunnel> tunnels, ControlWriter writer, Deadlines deadlines) {
        this.tunnels = tunnels;
        this.writer = writer;
        this.deadlines = deadlines;
    }

    @Nullable ClientTunnel get(int id) {
        return tunnels.get(id);
    }

    /// Completes when the server lets visitors in to all of them.
    CompletableFuture<@Nullable Void> allReady() {
        return allReady;
    }

    private ClientTunnel known(int id, String frame) throws ProtocolException {
        ClientTunnel tunnel = tunnels.get(id);
        if (tunnel == null) {
            throw new ProtocolException(frame + " for tunnel " + id + ", which was not asked for");
        }
        return tunnel;
    }

    void assigned(Frame.Assigned assigned) throws ProtocolException {
        ClientTunnel tunnel = known(assigned.tunnel(), "Assigned");
        var unknown = assigned.options().firstUnknown();
        if (unknown != null) {
            throw new ProtocolException("option " + unknown.type() + " of Assigned is not known here");
        }
        tunnel.assigned(assigned);
        writer.send(new Frame.Ack(assigned.tunnel()));
    }

    ClientTunnel ready(int id) throws ProtocolException {
        ClientTunnel tunnel = known(id, "Ready");
        ready.add(id);
        if (waits.remove(id) != null) {
            log.info("the server has room for the tunnel again");
        }
        if (ready.containsAll(tunnels.keySet())) {
            allReady.complete(null);
        }
        return tunnel;
    }

    void rejected(Frame.Reject reject) throws ProtocolException, RefusedException {
        ClientTunnel tunnel = known(reject.tunnel(), "Reject");
        boolean taken = reject.code() == RejectCode.NAME_TAKEN;
        if ((taken || reject.code() == RejectCode.NAME_NOT_ALLOWED) && tunnel.mayHaveAnotherName() && asksAnew.add(tunnel.id())) {
            log.warn("the name {} {}; asking for a new one",
                    tunnel.name(), taken ? "was given to another client meanwhile" : "cannot be had again");
            writer.send(tunnel.bindAnew());
            return;
        }
        if (reject.code() == RejectCode.BUSY) {
            askLater(tunnel, reject.message());
            return;
        }
        throw new RefusedException(Printable.of(reject.message()) + "." + advice(reject.code()));
    }

    /// Says so once. A session that is over sends nothing any more.
    private void askLater(ClientTunnel tunnel, String why) {
        Long last = waits.get(tunnel.id());
        if (last == null) {
            log.warn("the server cannot give the tunnel at the moment: {}. Asking again until it can", Printable.of(why));
        }
        long wait = last == null ? FIRST_WAIT_MILLIS : Math.min(LAST_WAIT_MILLIS, 2 * last);
        waits.put(tunnel.id(), wait);
        Frame.Bind again = asksAnew.contains(tunnel.id()) ? tunnel.bindAnew() : tunnel.bind();
        long jittered = ThreadLocalRandom.current().nextLong(wait / 2, wait + 1); // all that are waiting were told so at one moment
        var _ = deadlines.after(Duration.ofMillis(jittered), () -> writer.send(again));
    }

    private static String advice(RejectCode code) {
        return switch (code) {
            case NAME_TAKEN -> " Choose another with --name, or leave --name out for a random one";
            case NAME_NOT_ALLOWED -> " Leave --name out for a random one, or ask whoever runs the server for a token with it";
            case PORT_TAKEN, PORT_NOT_ALLOWED ->
                " Choose another with --public-port, or leave --public-port out for any free one";
            case HOST_TAKEN, HOST_NOT_ALLOWED -> " Choose another with --host";
            case NO_PORT_LEFT -> " Whoever runs the server can give more with --ports";
            case UNSUPPORTED -> " Update tunnel-server";
            case BUSY, NAME_INVALID, UNAUTHORIZED, TOKEN_EXPIRED, VERSION, PROTOCOL, SURPLUS, OTHER -> "";
        };
    }
}
