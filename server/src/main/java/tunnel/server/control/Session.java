package tunnel.server.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.ControlWriter;
import tunnel.channel.Heartbeat;
import tunnel.channel.StreamOutput;
import tunnel.net.Addresses;
import tunnel.net.Deadlines;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;
import tunnel.server.registry.Limits;
import tunnel.server.registry.Owner;
import tunnel.server.registry.Registry;
import tunnel.server.registry.Rights;
import tunnel.server.registry.Tunnel;
import tunnel.server.registry.Visitor;
import tunnel.server.tokens.Standing;
import tunnel.server.tokens.TokenStore;

/// One client's stay: its control channel, its tunnels, its data channels, the streams on them.
///
/// The control connection's thread reads and acts; a ticker keeps the time; visitors' threads come in by {@link #open}.
final class Session implements Owner {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /// Who a session is, and what its data channels prove.
    ///
    /// @param id 16 bytes
    /// @param token the id of its client's token
    /// @param secret 32 bytes
    record Identity(Bytes id, Bytes token, Bytes secret) {}

    /// What all sessions share.
    record Context(Registry registry, Limits limits, Deadlines deadlines, TokenStore tokens, Sessions all) {}

    private static final long STORM_CHECK_MILLIS = 250; // and as much again, so that not all sessions find the same end of it

    private final Identity identity;
    private final Context context;
    private final FrameChannel frames;
    private final ControlWriter writer;
    private final Heartbeat heartbeat;
    private final DataPool pool;
    private final String name = Thread.currentThread().getName();
    private final Instant began = Instant.now();

    private final SessionTunnels tunnels;
    private final Map<Long, ServerStream> streams = new ConcurrentHashMap<>();
    private final AtomicLong streamNumbers = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean left; // its client said that it leaves
    private volatile @Nullable String closing; // the reason, once it is closed from outside

    /// By the control connection's thread.
    Session(Identity identity, FrameChannel frames, Context context) {
        this.identity = identity;
        this.frames = frames;
        this.context = context;
        this.writer = new ControlWriter(frames, name + "-writer");
        this.heartbeat = new Heartbeat(writer, context.limits().sessions().heartbeat());
        this.tunnels = new SessionTunnels(this, context.registry(), context.limits());
        this.pool = new DataPool(context.limits().channels(), target -> writer.send(new Frame.OpenData(target)));
    }

    /// For threads and the log.
    String name() {
        return name;
    }

    Identity identity() {
        return identity;
    }

    @Override
    public Bytes token() {
        return identity.token();
    }

    @Override
    public Rights rights() {
        return context.tokens().rights(identity.token());
    }

    DataPool pool() {
        return pool;
    }

    Limits limits() {
        return context.limits();
    }

    Deadlines deadlines() {
        return context.deadlines();
    }

    void send(Frame frame) {
        writer.send(frame);
    }

    /// Serves the session to its end. On the control connection's thread, which closes the channel.
    ///
    /// @param welcome the first frame
    void run(Frame.Welcome welcome) throws IOException {
        log.info("session of {} began, token {}", at(), token().hex());
        writer.send(welcome);
        writer.start();
        Thread ticker = Thread.ofVirtual().name(name + "-ticker").start(this::tick);
        askForChannels();
        try {
            Frame frame = frames.read();
            while (frame != null && !(frame instanceof Frame.Close)) {
                heartbeat.heard();
                handle(frame);
                frame = frames.read();
            }
            left = frame != null;
            log.info("session of {} ended: {}", at(), frame == null ? "the client closed its connection" : "the client left");
        } catch (ProtocolException e) {
            end();
            writer.end();
            frames.abortAfter(new Frame.Close(CloseCode.PROTOCOL, String.valueOf(e.getMessage())), deadlines());
            throw e;
        } catch (IOException e) {
            log.info("session of {} was lost: {}", at(), why(e));
        } finally {
            ticker.interrupt();
            end();
            writer.end();
        }
    }

    /// In a storm of logins, after a start of the server, the handshakes of a few hundred clients take all processors for seconds.
    /// Those of their data channels, which are several times as many, come behind them; a visitor who waits asks by itself, and
    /// so does the ticker with its first beat.
    private void askForChannels() {
        if (ended.get()) {
            return;
        }
        if (context.all().isStorm()) {
            long millis = ThreadLocalRandom.current().nextLong(STORM_CHECK_MILLIS) + STORM_CHECK_MILLIS;
            var _ = deadlines().after(Duration.ofMillis(millis), this::askForChannels);
        } else {
            pool.start();
        }
    }

    private String why(IOException e) {
        if (closing != null) {
            return closing;
        }
        return heartbeat.isOver()
                ? "it was silent for " + limits().sessions().silence().toSeconds() + " s"
                : String.valueOf(e.getMessage());
    }

    /// The client's address.
    String at() {
        return Addresses.text(frames.transport().remote());
    }

    /// As an operator sees it.
    ClientState state() {
        DataPool.Count channels = pool.count();
        return new ClientState(this, name, began, at(), channels.idle(), channels.busy());
    }

    private void handle(Frame frame) throws ProtocolException {
        switch (frame) {
            case Frame.Bind bind -> {
                if (isAllowed()) {
                    tunnels.bind(bind);
                }
            }
            case Frame.Ack ack -> tunnels.acknowledged(ack.tunnel());
            case Frame.Unbind unbind -> tunnels.unbind(unbind.tunnel());
            case Frame.Reset reset -> {
                ServerStream stream = streams.get(reset.stream());
                if (stream != null) { // not here: what it writes may wait, and the control channel must not
                    Thread.ofVirtual().name(name + "-reset").start(stream::resetByPeer);
                }
            }
            case Frame.Ping ping -> {
                heartbeat.countPing();
                writer.send(new Frame.Pong(ping.id()));
            }
            case Frame.Pong _ -> {} // it was heard, which is all it is for
            case Frame.Challenge _,
                    Frame.Init _,
                    Frame.Welcome _,
                    Frame.Reject _,
                    Frame.Assigned _,
                    Frame.Ready _,
                    Frame.OpenData _,
                    Frame.DataInit _,
                    Frame.Open _,
                    Frame.Accepted _,
                    Frame.Opened _,
                    Frame.Refused _,
                    Frame.Data _,
                    Frame.End _,
                    Frame.GoAway _,
                    Frame.Close _ ->
                throw new ProtocolException(frame.getClass().getSimpleName() + " came on a control channel");
        }
    }

    /// Pings both kinds of channel, and ends the session when its client has fallen silent or its token is no longer good.
    private void tick() {
        long ticksPerIdlePing = Math.max(1, limits().channels().idlePing().dividedBy(limits().sessions().heartbeat()));
        try {
            for (long ticks = 1; ; ticks++) {
                Thread.sleep(heartbeat.untilBeat());
                if (!isAllowed()) {
                    return;
                }
                long now = System.nanoTime();
                if (!heartbeat.beat() || frames.transport().hasStalled(now, limits().clients().stalled())) {
                    frames.abort();
                    return;
                }
                pool.tick();
                pool.abortStalled(now);
                if (ticks % ticksPerIdlePing == 0) {
                    pingIdle(ticks);
                }
            }
        } catch (InterruptedException e) {
            // the session is over
        }
    }

    /// Each on a thread of its own: a visitor may have taken the channel meanwhile, and the ping then waits its turn behind
    /// bytes for which the client has no room, as the session's heartbeat must not.
    private void pingIdle(long id) {
        for (DataChannel channel : pool.idle()) {
            Thread.ofVirtual().name(name + "-ping").start(() -> ping(channel, id));
        }
    }

    private static void ping(DataChannel channel, long id) {
        try {
            if (!channel.ping(id)) {
                log.debug("an idle data channel did not answer and is closed");
                channel.abort();
            }
        } catch (IOException e) {
            channel.abort();
        }
    }

    @Override
    public boolean answersWithin(Duration time) throws InterruptedException {
        return !ended.get() && heartbeat.answersWithin(time);
    }

    @Override
    public void lost() {
        log.info("session of {} no longer answers, its tunnels are given to the next of its token", at());
        close(CloseCode.TIMEOUT, "this session did not answer a ping");
    }

    /// Tells the client that the server is about to stop.
    void goAway() {
        writer.send(new Frame.GoAway("the server stops"));
    }

    /// Whether the client's token is still good. Ends the session for good where it is not.
    boolean isAllowed() {
        Standing standing = context.tokens().standing(identity.token());
        if (standing != Standing.GOOD) {
            close(CloseCode.REVOKED, standing.sentence());
        }
        return standing == Standing.GOOD;
    }

    /// Tells the client that the server stops, and returns when that has left, or after a second.
    void goodbye() {
        closing = "the server stops";
        writer.send(new Frame.Close(CloseCode.SHUTDOWN, "the server stops"));
        writer.end();
    }

    /// Ends the session from outside, with a reason for the client. On return its tunnels are free.
    void close(CloseCode code, String reason) {
        closing = reason;
        writer.send(new Frame.Close(code, reason)); // first, as closing public listeners may take a while
        end();
        writer.end();
        frames.abort();
    }

    /// Frees all that the session holds; again does nothing.
    private void end() {
        if (ended.compareAndSet(false, true)) {
            pool.close();
            streams.values().forEach(ServerStream::sessionOver); // a visitor that does not read would hold them for ever
            boolean mayComeBack = !left && context.tokens().standing(token()) == Standing.GOOD;
            tunnels.releaseAll(!mayComeBack);
        }
    }

    @Override
    public StreamOutput open(Tunnel tunnel, Visitor visitor, @Nullable ByteBuffer first) throws InterruptedException {
        ServerStream stream = new ServerStream(this, tunnel, visitor, streamNumbers.incrementAndGet());
        streams.put(stream.number(), stream);
        stream.open(first);
        return stream;
    }

    /// A stream is over.
    void forget(ServerStream stream) {
        streams.remove(stream.number());
    }
}
