package tunnel.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.ControlWriter;
import tunnel.cli.RefusedException;
import tunnel.events.ClientEvents;
import tunnel.log.Printable;
import tunnel.net.Deadlines;
import tunnel.protocol.Frame;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;

/// How far the client's tunnels are in one session, from `Bind` to `Ready`, and to `Unbind`. The session's thread brings the
/// frames; the wishes come by any thread. One that is refused does not keep the others from being served; where all that were
/// asked for at first are, the client is not wanted. A server that is too busy for a tunnel, as one whose disk is full, is asked
/// again: the session is good, and a new one would only cost it more.
final class SessionTunnels {
    private static final Logger log = LoggerFactory.getLogger(SessionTunnels.class);

    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LAST_WAIT_MILLIS = 15_000; // as between dials: 500 clients ask 50 times a second

    private final ControlWriter writer;
    private final Deadlines deadlines;
    private final ClientEvents told;
    private final CompletableFuture<@Nullable Void> allReady = new CompletableFuture<>();
    private final Map<Integer, ClientTunnel> bound = new ConcurrentHashMap<>(); // those that were asked for and not given up

    /// Frames are only queued under it, so they leave in the order of what they are about.
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Integer, Long> waits = new HashMap<>(); // in ms, the last of a tunnel for which the server is too busy

    @GuardedBy("lock")
    private final Set<Integer> asksAnew = new HashSet<>(); // for another name than it had

    @GuardedBy("lock")
    private final Set<Integer> settled = new HashSet<>(); // ready, refused, or not to be had at the moment

    @GuardedBy("lock")
    private final Set<Integer> refused = new HashSet<>();

    @GuardedBy("lock")
    private final Set<Integer> gone = new HashSet<>(); // given up; frames about them may be under way

    @GuardedBy("lock")
    private boolean changed; // the wishes, since the client began

    /// @param asked what was asked for already
    SessionTunnels(Map<Integer, ClientTunnel> asked, ControlWriter writer, Deadlines deadlines, ClientEvents told) {
        this.writer = writer;
        this.deadlines = deadlines;
        this.told = told;
        bound.putAll(asked);
    }

    @Nullable ClientTunnel get(int id) {
        return bound.get(id);
    }

    /// Completes when the server lets visitors in to all of them but those that it refuses.
    CompletableFuture<@Nullable Void> allReady() {
        return allReady;
    }

    /// Gives up what is not wished for any more, and asks for what is new. The old first: the new may have its name.
    ///
    /// @param isLeaving whether the session is about to end, so that the next one is to ask
    void follow(ClientTunnels wished, boolean isLeaving) {
        lock.lock();
        try {
            Map<Integer, ClientTunnel> present = wished.present(); // under the lock, so that of two changes the last one stays
            changed = wished.haveChanged();
            for (int id : Set.copyOf(bound.keySet())) {
                if (!present.containsKey(id)) {
                    giveUp(id);
                }
            }
            if (!isLeaving) {
                present.forEach(this::askFor);
            }
            completeIfSettled();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void giveUp(int id) {
        bound.remove(id);
        gone.add(id);
        waits.remove(id);
        settled.remove(id);
        if (!refused.remove(id)) { // else the server has forgotten it
            writer.send(new Frame.Unbind(id));
        }
    }

    @GuardedBy("lock")
    private void askFor(int id, ClientTunnel tunnel) {
        if (bound.putIfAbsent(id, tunnel) == null) {
            writer.send(tunnel.bind());
        }
    }

    @GuardedBy("lock")
    private void completeIfSettled() {
        if (settled.containsAll(bound.keySet())) {
            allReady.complete(null);
        }
    }

    /// Null where it was given up meanwhile.
    @GuardedBy("lock")
    private @Nullable ClientTunnel known(int id, String frame) throws ProtocolException {
        ClientTunnel tunnel = bound.get(id);
        if (tunnel == null && !gone.contains(id)) {
            throw new ProtocolException(frame + " for tunnel " + id + ", which was not asked for");
        }
        return tunnel;
    }

    void assigned(Frame.Assigned assigned) throws ProtocolException {
        var unknown = assigned.options().firstUnknown();
        if (unknown != null) {
            throw new ProtocolException("option " + unknown.type() + " of Assigned is not known here");
        }
        lock.lock();
        try {
            ClientTunnel tunnel = known(assigned.tunnel(), "Assigned");
            if (tunnel != null) {
                tunnel.assigned(assigned);
                writer.send(new Frame.Ack(assigned.tunnel())); // under the lock: never behind an Unbind
            }
        } finally {
            lock.unlock();
        }
    }

    /// Null where it was given up meanwhile.
    @Nullable ClientTunnel ready(int id) throws ProtocolException {
        lock.lock();
        try {
            ClientTunnel tunnel = known(id, "Ready");
            if (tunnel != null) {
                settled.add(id);
                if (waits.remove(id) != null) {
                    log.info("the server has room for {} again", tunnel.called());
                }
                completeIfSettled();
            }
            return tunnel;
        } finally {
            lock.unlock();
        }
    }

    /// Asks again where that may help.
    ///
    /// @throws RefusedException where there is nothing left that the session would be for
    void rejected(Frame.Reject reject) throws ProtocolException, RefusedException {
        lock.lock();
        try {
            ClientTunnel tunnel = known(reject.tunnel(), "Reject");
            if (tunnel == null || asksForAnotherName(tunnel, reject.code())) {
                return;
            }
            if (reject.code() == RejectCode.BUSY) {
                askLater(tunnel, reject.message());
                return;
            }
            refused(tunnel, Printable.of(reject.message()) + "." + advice(reject.code()));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean asksForAnotherName(ClientTunnel tunnel, RejectCode code) {
        boolean taken = code == RejectCode.NAME_TAKEN;
        if ((taken || code == RejectCode.NAME_NOT_ALLOWED) && tunnel.mayHaveAnotherName() && asksAnew.add(tunnel.id())) {
            log.warn("the name {} {}; asking for a new one",
                    Printable.of(tunnel.name()), taken ? "was given to another client meanwhile" : "cannot be had again");
            writer.send(tunnel.bindAnew());
            return true;
        }
        return false;
    }

    /// A client that runs and whose user changes its wishes goes on, so that they can be changed again.
    @GuardedBy("lock")
    private void refused(ClientTunnel tunnel, String why) throws RefusedException {
        refused.add(tunnel.id());
        settled.add(tunnel.id());
        boolean allAre = refused.containsAll(bound.keySet());
        if (!changed && allAre) {
            throw new RefusedException(why);
        }
        log.warn("{} cannot be had: {}{}", tunnel.called(), why, allAre ? "" : ". The others go on");
        told.refused(tunnel.shown(), why);
        completeIfSettled();
    }

    /// Says so once, and nothing waits for it from then on: neither the other tunnels nor the command that is started with them. A
    /// session that is over sends nothing any more.
    @GuardedBy("lock")
    private void askLater(ClientTunnel tunnel, String why) {
        Long last = waits.get(tunnel.id());
        if (last == null) {
            log.warn("the server cannot give {} at the moment: {}. Asking again until it can", tunnel.called(), Printable.of(why));
            told.refused(tunnel.shown(), "the server cannot give it at the moment: " + Printable.of(why) + ". Asking again until it can");
            settled.add(tunnel.id());
            completeIfSettled();
        }
        long wait = last == null ? FIRST_WAIT_MILLIS : Math.min(LAST_WAIT_MILLIS, 2 * last);
        waits.put(tunnel.id(), wait);
        boolean anew = asksAnew.contains(tunnel.id());
        long jittered = ThreadLocalRandom.current().nextLong(wait / 2, wait + 1); // all that are waiting were told so at one moment
        var _ = deadlines.after(Duration.ofMillis(jittered), () -> askAgain(tunnel, anew));
    }

    private void askAgain(ClientTunnel tunnel, boolean anew) {
        lock.lock();
        try {
            if (bound.containsKey(tunnel.id())) {
                writer.send(anew ? tunnel.bindAnew() : tunnel.bind());
            }
        } finally {
            lock.unlock();
        }
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
