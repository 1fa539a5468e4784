package tunnel.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.DataStream;
import tunnel.channel.Relay;
import tunnel.channel.StreamInput;
import tunnel.channel.StreamOutput;
import tunnel.inspect.capture.StreamTap;
import tunnel.local.LocalService;
import tunnel.net.Addresses;
import tunnel.net.Deadlines;
import tunnel.net.Loop;
import tunnel.net.Transport;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.Frame.Refused;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RefuseReason;

/// One data channel: its thread waits for a stream, dials the local service for it, carries its bytes there, and waits for
/// the next. A second thread carries each stream's bytes back.
final class DataChannel implements DataStream.Surroundings {
    private static final Logger log = LoggerFactory.getLogger(DataChannel.class);
    /// Three of the server's pings of idle channels: then it has forgotten this one.
    private static final long SILENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private final FrameChannel frames;
    private final ClientSession session;

    private final AtomicReference<@Nullable DataStream> carried = new AtomicReference<>();
    private boolean accepted; // said of the present stream; its thread only
    private volatile long lastHeard = System.nanoTime();

    DataChannel(FrameChannel frames, ClientSession session) {
        this.frames = frames;
        this.session = session;
    }

    /// Serves one stream after another until the channel ends.
    void run() throws IOException {
        for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
            lastHeard = System.nanoTime();
            switch (frame) {
                case Frame.Ping ping -> frames.write(new Frame.Pong(ping.id()));
                case Frame.Open open -> {
                    serve(open);
                    lastHeard = System.nanoTime();
                }
                case Frame.End _, Frame.Reset _ -> {} // of a stream that is finished
                case Frame.Reject reject -> {
                    log.debug("the server refused a data channel: {} {}", reject.code(), reject.message());
                    return;
                }
                case Frame.Challenge _,
                        Frame.Init _,
                        Frame.Welcome _,
                        Frame.Bind _,
                        Frame.Assigned _,
                        Frame.Ack _,
                        Frame.Ready _,
                        Frame.Unbind _,
                        Frame.OpenData _,
                        Frame.DataInit _,
                        Frame.Accepted _,
                        Frame.Opened _,
                        Frame.Refused _,
                        Frame.Data _,
                        Frame.Pong _,
                        Frame.GoAway _,
                        Frame.Close _ ->
                    throw new ProtocolException(frame.getClass().getSimpleName() + " came on an idle data channel");
            }
        }
    }

    private void serve(Frame.Open open) throws IOException {
        DataStream stream = new DataStream(open.stream(), frames, this);
        carried.set(stream);
        ClientTunnel tunnel = session.tunnel(open.tunnel());
        if (!session.isFirst(open.stream())) {
            refuse(stream, RefuseReason.REPEATED, "this stream was already acted on");
        } else if (tunnel == null) {
            refuse(stream, RefuseReason.NO_TUNNEL, "there is no tunnel " + open.tunnel());
        } else if (open.options().firstUnknown() != null) {
            refuse(stream, RefuseReason.UNSUPPORTED, "an option of Open is not known here");
        } else {
            serve(open, stream, tunnel);
        }
    }

    private void serve(Frame.Open open, DataStream stream, ClientTunnel tunnel) throws IOException {
        StreamTap tap = session.capture()
                .tap(tunnel, tunnel.isHttp(), open.visitor(), waited(open), () -> session.streams().isReset(stream));
        session.streams().began(stream);
        try {
            connect(open, stream, tunnel, tap);
        } finally {
            tap.ended(session.streams().isReset(stream));
            session.streams().ended(stream);
        }
    }

    /// Microseconds, or -1 where the server does not say.
    private static long waited(Frame.Open open) {
        Bytes micros = open.options().get(Options.WAITED);
        return micros == null ? -1 : micros.number();
    }

    /// `Accepted` goes before any wait for the local service, and otherwise in one write with what came of it: the number is
    /// noted, so the stream is never acted on again whatever becomes of this channel.
    private void connect(Frame.Open open, DataStream stream, ClientTunnel tunnel, StreamTap tap) throws IOException {
        LocalService service = tunnel.local();
        accepted = false;
        Transport local;
        try {
            local = service.dial(() -> accept(stream), () -> isWanted(stream));
        } catch (LocalService.NotWanted e) {
            log.debug("stream {}: {}, and its local service is not waited for any more", open.stream(), e.getMessage());
            stream.reset(); // accepted long since
            stream.discard();
            return;
        } catch (SocketTimeoutException e) {
            accept(stream);
            refuse(stream, RefuseReason.LOCAL_TIMEOUT, service.local() + ": " + e.getMessage(), tap);
            return;
        } catch (IOException e) {
            accept(stream);
            refuse(stream, RefuseReason.LOCAL_UNREACHABLE, service.local() + ": " + e.getMessage(), tap);
            return;
        }
        try (local) {
            if (session.streams().connected(stream, local)) {
                Frame opened = new Frame.Opened(open.stream());
                if (accepted) {
                    frames.write(opened);
                } else {
                    frames.write(new Frame.Accepted(open.stream()), opened);
                }
                relay(open, stream, local, tunnel.watching(stream), tap);
            } else {
                accept(stream);
                local.reset();
                stream.reset();
                stream.discard();
            }
        }
    }

    private boolean isWanted(DataStream stream) {
        return session.streams().isWanted(stream) && frames.transport().isOpen();
    }

    private void accept(DataStream stream) {
        if (!accepted) {
            accepted = true;
            try {
                frames.write(new Frame.Accepted(stream.number()));
            } catch (IOException e) {
                frames.abort(); // whoever writes or reads next learns of it
            }
        }
    }

    private void refuse(DataStream stream, RefuseReason reason, String message) throws IOException {
        refuse(stream, reason, message, StreamTap.NONE);
    }

    private void refuse(DataStream stream, RefuseReason reason, String message, StreamTap tap) throws IOException {
        stream.refuse(new Refused(stream.number(), reason, message));
        tap.failed(message);
        tap.watching((StreamInput) stream).discard();
    }

    private void relay(Frame.Open open, DataStream stream, Transport local, StreamOutput answers, StreamTap tap)
            throws IOException {
        Relay relay = new Relay(local, session.resources().buffers());
        StreamOutput watched = tap.watching(answers);
        Thread back = Loop.current().thread("stream-" + stream.number() + "-up", () -> {
            if (!relay.send(watched)) {
                local.reset();
            }
        });
        back.start();
        try {
            relay.receive(tap.watching((StreamInput) stream), watched);
        } finally {
            join(back, local);
            log.debug(
                    "stream {} for {}: {} B in, {} B out",
                    stream.number(),
                    Addresses.text(open.visitor()),
                    relay.received(),
                    relay.sent());
        }
    }

    /// As long as the local service goes on sending, until the stream is reset or the channel is lost.
    private void join(Thread back, Transport local) {
        try {
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            local.reset();
            frames.abort();
        }
    }

    void closeIfSilent() {
        if (carried.get() == null && System.nanoTime() - lastHeard > SILENCE_NANOS) {
            log.debug("an idle data channel was silent for too long and is closed");
            abort();
        }
    }

    void abort() {
        frames.abort();
    }

    @Override
    public Deadlines deadlines() {
        return session.resources().deadlines();
    }

    @Override
    public void resetOnControl(long stream) {
        session.send(new Frame.Reset(stream));
    }

    @Override
    public void finished(DataStream stream) {
        lastHeard = System.nanoTime(); // before it counts as idle, or a long stream would be taken for silence
        carried.compareAndSet(stream, null); // else it carries the next one already
    }
}
