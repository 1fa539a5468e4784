package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.ControlWriter;
import tunnel.channel.Heartbeat;
import tunnel.cli.RefusedException;
import tunnel.events.ClientEvents;
import tunnel.inspect.capture.Capture;
import tunnel.log.Printable;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.ProtocolException;

/// One stay at the server: the control channel, and what belongs to it. It ends with its connection; the next one takes its
/// tunnels over, and where the server announces its end, while this one still serves. The session's thread reads the control
/// channel and closes it; a ticker keeps the time.
final class ClientSession {
    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);
    /// For the answer to a ping after something that may have broken the connection: a round trip to anywhere, and a little.
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /// Who the session is, as agreed in `Init` and `Welcome`.
    ///
    /// @param id 16 bytes
    /// @param secret 32 bytes, for its data channels and for coming back
    record Identity(Bytes id, Bytes secret, Duration heartbeat) {}

    private final Identity identity;
    private final FrameChannel frames;
    private final InetAddress local;
    private final ServerLink link;
    private final ClientEvents told;
    private final Capture capture;

    private final ControlWriter writer;
    private final Heartbeat heartbeat;
    private final DataChannels dataChannels;
    private final SessionTunnels tunnels;
    private final SessionStreams streams = new SessionStreams();
    private final StreamNumbers numbers = new StreamNumbers(System::nanoTime);

    private final SessionEvents events;
    private volatile @Nullable String dropped; // the reason, once this side gave it up

    /// @param tunnels that were asked for right behind `Init`
    ClientSession(
            Identity identity,
            ServerLink.Connection connection,
            ServerLink link,
            Map<Integer, ClientTunnel> tunnels,
            Watchers watchers) {
        this.identity = identity;
        this.frames = connection.frames();
        this.local = connection.local();
        this.link = link;
        this.told = watchers.told();
        this.capture = watchers.capture();
        this.writer = new ControlWriter(frames, "control-writer");
        this.heartbeat = new Heartbeat(writer, identity.heartbeat());
        this.dataChannels = new DataChannels(this, link);
        this.tunnels = new SessionTunnels(tunnels, writer, link.resources().deadlines(), told);
        this.events = new SessionEvents(this.tunnels.allReady(), dataChannels.firstInPlace());
    }

    Identity identity() {
        return identity;
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

    SessionStreams streams() {
        return streams;
    }

    Capture capture() {
        return capture;
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

    /// Begins to serve, on a thread of its own.
    void start(String thread) {
        Thread.ofVirtual().name(thread).start(this::run);
    }

    private void run() {
        try (frames) {
            events.over(new SessionEvents.End(serve(), null, dropped != null));
        } catch (RefusedException e) {
            events.over(new SessionEvents.End(String.valueOf(e.getMessage()), e, false));
        } catch (RuntimeException | Error e) {
            events.failed(e);
        }
    }

    /// Serves the session to its end, whose reason it returns.
    private String serve() throws RefusedException {
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
            String given = dropped;
            return given != null
                    ? given
                    : heartbeat.isOver() ? "it was silent for too long" : String.valueOf(e.getMessage());
        } finally {
            ticker.interrupt();
            end();
        }
    }

    /// A session that was told to go elsewhere is superseded by the one that this client has there.
    private String closed(Frame.Close close) throws RefusedException {
        boolean revoked = close.code() == CloseCode.REVOKED;
        if (revoked || (close.code().isFinal() && !events.isGoingAway())) {
            throw new RefusedException("the server ended the session for good: " + Printable.of(close.message()) + "."
                    + (revoked
                            ? " Ask whoever runs the server for a new join string"
                            : " Another tunnel-client has taken over; stop it before you start this one again"));
        }
        return Printable.of(close.message());
    }

    private void handle(Frame frame) throws ProtocolException, RefusedException {
        switch (frame) {
            case Frame.Assigned assigned -> tunnels.assigned(assigned);
            case Frame.Ready ready -> {
                ClientTunnel tunnel = tunnels.ready(ready.tunnel());
                if (tunnel != null) {
                    announce(tunnel);
                }
            }
            case Frame.Reject reject -> tunnels.rejected(reject);
            case Frame.OpenData open -> dataChannels.target(open.target());
            case Frame.Reset reset -> streams.reset(reset.stream());
            case Frame.Ping ping -> {
                heartbeat.countPing();
                writer.send(new Frame.Pong(ping.id()));
            }
            case Frame.Pong pong -> {
                Duration time = heartbeat.roundTrip(pong.id());
                if (time != null) {
                    told.roundTrip(time);
                }
            }
            case Frame.GoAway away -> goAway(away);
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

    /// Asks for the tunnels that are wished for now, and gives up those that are not. From any thread, before {@link #start} too.
    void follow(ClientTunnels wished) {
        tunnels.follow(wished, events.isGoingAway());
    }

    /// The addresses are shown when a visitor would be served, so once a data channel is in place too.
    private void announce(ClientTunnel tunnel) {
        var _ = dataChannels.firstInPlace().thenRun(() -> {
            if (tunnels.get(tunnel.id()) == tunnel) { // else it was given up meanwhile
                told.ready(tunnel.shown());
            }
        });
    }

    private void goAway(Frame.GoAway away) {
        if (!events.isGoingAway()) {
            log.info("the server is about to stop: {}. Looking for its successor", Printable.of(away.message()));
            dataChannels.noMore();
            events.goingAway();
        }
    }

    SessionEvents events() {
        return events;
    }

    /// How many streams it carries.
    int running() {
        return streams.running();
    }

    private void tick() {
        try {
            heartbeat.beat(); // its answer's time is wanted now, not after an interval
            while (true) {
                Thread.sleep(heartbeat.untilBeat());
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

    /// Asks the server for a sign of life, and gives the session up where none comes, or none can.
    void check(Watch.Doubt doubt) throws InterruptedException {
        if (doubt.gone().contains(local)) {
            drop(doubt.why() + " and its connection's is gone");
        } else if (!heartbeat.answersWithin(ANSWER)) {
            drop(doubt.why() + ", and there was no answer since");
        }
    }

    /// Ends the session, from any thread, as a loss would: the server is not told, and keeps its names for the next one.
    void drop(String reason) {
        dropped = reason;
        frames.abort();
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
        streams.resetAll();
    }
}
