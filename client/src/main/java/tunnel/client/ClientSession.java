package tunnel.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.ControlWriter;
import tunnel.channel.DataStream;
import tunnel.channel.Heartbeat;
import tunnel.cli.RefusedException;
import tunnel.log.Printable;
import tunnel.net.Resources;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;

/// One stay at the server: the control channel, and what belongs to it. It ends with its connection; the next one takes its
/// tunnels over. The thread that runs it reads the control channel; a ticker keeps the time.
final class ClientSession {
    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

    /// Who the session is, as agreed in `Init` and `Welcome`.
    ///
    /// @param id 16 bytes
    /// @param secret 32 bytes, for its data channels and for coming back
    record Identity(Bytes id, Bytes secret, Duration heartbeat) {}

    private final Identity identity;
    private final FrameChannel frames;
    private final ServerLink link;
    private final Map<Integer, ClientTunnel> tunnels;
    private final Console console;

    private final ControlWriter writer;
    private final Heartbeat heartbeat;
    private final DataChannels dataChannels;
    private final StreamNumbers numbers = new StreamNumbers(System::nanoTime);
    private final Map<Long, Running> streams = new ConcurrentHashMap<>();

    /// A stream from before its `Accepted` to its end.
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

    ClientSession(
            Identity identity, FrameChannel frames, ServerLink link, Map<Integer, ClientTunnel> tunnels, Console console) {
        this.identity = identity;
        this.frames = frames;
        this.link = link;
        this.tunnels = tunnels;
        this.console = console;
        this.writer = new ControlWriter(frames, "control-writer");
        this.heartbeat = new Heartbeat(writer, identity.heartbeat());
        this.dataChannels = new DataChannels(this, link);
    }

    Bytes id() {
        return identity.id();
    }

    Bytes secret() {
        return identity.secret();
    }

    DataChannels dataChannels() {
        return dataChannels;
    }

    Resources resources() {
        return link.resources();
    }

    @Nullable ClientTunnel tunnel(int id) {
        return tunnels.get(id);
    }

    /// Whether a stream number is new in this session.
    boolean isFirst(long stream) throws ProtocolException {
        return numbers.isFirst(stream);
    }

    void send(Frame frame) {
        writer.send(frame);
    }

    /// A stream will be accepted; from here on a `Reset` on the control channel reaches it.
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

    void ended(DataStream stream) {
        streams.remove(stream.number());
    }

    /// Serves the session to its end, whose reason it returns.
    ///
    /// @throws RefusedException when the server does not want this client any more
    String run() throws RefusedException {
        writer.start();
        Thread ticker = Thread.ofVirtual().name("ticker").start(this::tick);
        try {
            for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
                heartbeat.heard();
                if (frame instanceof Frame.Close close) {
                    return closed(close);
                }
                handle(frame);
            }
            return "the server closed the connection";
        } catch (ProtocolException e) {
            log.warn("the server broke the protocol: {}", Printable.of(e.getMessage()));
            writer.send(new Frame.Close(CloseCode.PROTOCOL, String.valueOf(e.getMessage())));
            return "it broke the protocol";
        } catch (IOException e) {
            return heartbeat.isOver() ? "it was silent for too long" : String.valueOf(e.getMessage());
        } finally {
            ticker.interrupt();
            end();
        }
    }

    private static String closed(Frame.Close close) throws RefusedException {
        if (close.code().isFinal()) {
            throw new RefusedException("the server ended the session for good: " + Printable.of(close.message()) + "."
                    + (close.code() == CloseCode.REVOKED
                            ? " Ask whoever runs the server for a new join string"
                            : " Another tunnel-client has taken over; stop it before you start this one again"));
        }
        return Printable.of(close.message());
    }

    private void handle(Frame frame) throws ProtocolException, RefusedException {
        switch (frame) {
            case Frame.Assigned assigned -> assigned(assigned);
            case Frame.Ready ready -> ready(ready.tunnel());
            case Frame.Reject reject -> rejected(reject);
            case Frame.OpenData open -> dataChannels.target(open.target());
            case Frame.Reset reset -> {
                Running running = streams.get(reset.stream());
                if (running != null) {
                    running.reset = true;
                    if (running.local != null) { // else whoever dials it will see to the rest
                        running.resetLocal();
                        Thread.ofVirtual().name("reset").start(running.stream::reset); // it may wait, as this channel must not
                    }
                }
            }
            case Frame.Ping ping -> {
                heartbeat.countPing();
                writer.send(new Frame.Pong(ping.id()));
            }
            case Frame.Pong _ -> {} // it was heard, which is all it is for
            case Frame.GoAway away -> log.info("the server is about to stop: {}", Printable.of(away.message()));
            case Frame.Challenge _,
                    Frame.Init _,
                    Frame.Welcome _,
                    Frame.Bind _,
                    Frame.Ack _,
                    Frame.Unbind _,
                    Frame.DataInit _,
                    Frame.Open _,
                    Frame.Accepted _,
                    Frame.Opened _,
                    Frame.Refused _,
                    Frame.Data _,
                    Frame.End _,
                    Frame.Close _ ->
                throw new ProtocolException(frame.getClass().getSimpleName() + " came on a control channel");
        }
    }

    private ClientTunnel known(int id, String frame) throws ProtocolException {
        ClientTunnel tunnel = tunnels.get(id);
        if (tunnel == null) {
            throw new ProtocolException(frame + " for tunnel " + id + ", which was not asked for");
        }
        return tunnel;
    }

    private void assigned(Frame.Assigned assigned) throws ProtocolException {
        ClientTunnel tunnel = known(assigned.tunnel(), "Assigned");
        var unknown = assigned.options().firstUnknown();
        if (unknown != null) {
            throw new ProtocolException("option " + unknown.type() + " of Assigned is not known here");
        }
        tunnel.assigned(assigned);
        writer.send(new Frame.Ack(assigned.tunnel()));
    }

    /// The addresses are shown when a visitor would be served, so once a data channel is in place too.
    private void ready(int id) throws ProtocolException {
        ClientTunnel tunnel = known(id, "Ready");
        Thread.ofVirtual().name("announce-" + id).start(() -> announce(tunnel));
    }

    private void announce(ClientTunnel tunnel) {
        try {
            dataChannels.awaitFirst();
            for (String url : tunnel.urls()) {
                console.address(Printable.of(url), tunnel.localUrl());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rejected(Frame.Reject reject) throws ProtocolException, RefusedException {
        ClientTunnel tunnel = known(reject.tunnel(), "Reject");
        String name = tunnel.name();
        boolean taken = reject.code() == RejectCode.NAME_TAKEN;
        if ((taken || reject.code() == RejectCode.NAME_NOT_ALLOWED) && tunnel.forgetName()) {
            log.warn("the name {} {}; asking for a new one",
                    name, taken ? "was given to another client meanwhile" : "cannot be had again");
            writer.send(tunnel.bind());
            return;
        }
        throw new RefusedException(Printable.of(reject.message()) + "." + advice(reject.code()));
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

    private void tick() {
        try {
            while (true) {
                Thread.sleep(identity.heartbeat());
                if (!heartbeat.beat()) {
                    frames.abort();
                    return;
                }
                dataChannels.tick();
            }
        } catch (InterruptedException e) {
            // the session is over
        }
    }

    /// Gives the session up, from any thread: tells the server, so that its names are free at once.
    void leave() {
        writer.send(new Frame.Close(CloseCode.LEAVING, "the client stops"));
        end();
    }

    private void end() {
        writer.end();
        frames.abort();
        dataChannels.close();
        streams.values().forEach(Running::resetLocal);
    }
}
