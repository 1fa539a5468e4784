package tunnel.inspect.capture;

import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;
import tunnel.events.Exchange.Kind;
import tunnel.events.Exchange.State;
import tunnel.inspect.store.CapturedHead;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Message;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Timings;

/// One exchange as it is put together. The capture's thread only.
final class Recording {
    private final long id;
    private final Flight flight;
    private final Recorder recorder;
    private final Instant started;
    private final MessageSide request;
    private final MessageSide response;

    private @Nullable Recorded recorded; // once somebody was told of it
    private @Nullable EventSplitter events;
    private @Nullable FrameReader fromVisitor;
    private @Nullable FrameReader fromLocal;

    private Kind kind;
    private String method = "";
    private String host = "";
    private String path = "";
    private String visitor;
    private int status;
    private boolean requestKept;
    private boolean responseKept;
    private boolean over;
    private boolean stopped;
    private boolean faulty; // by a fault of ours
    private boolean forgotten; // nobody can see its messages any more
    private boolean isNew = true;
    private long toldBytes = -1;

    Recording(long id, Flight flight, Recorder recorder) {
        this.id = id;
        this.flight = flight;
        this.recorder = recorder;
        this.started = recorder.wall(flight.began());
        this.request = new MessageSide(recorder);
        this.response = new MessageSide(recorder);
        this.kind = flight.tap().origin().http() ? Kind.HTTP : Kind.TCP;
        this.visitor = flight.tap().origin().visitor();
    }

    boolean isOver() {
        return over;
    }

    /// Tells whoever repeats a request.
    void tellWatcher(Recorded now) {
        flight.tap().origin().repeated().watcher().accept(now);
    }

    /// Whether nobody has been told of it before; asked once.
    boolean isNew() {
        boolean was = isNew;
        isNew = false;
        return was;
    }

    void take(Note note) {
        switch (note) {
            case Note.Piece piece -> take(piece);
            case Note.Trailers trailers -> (trailers.fromLocal() ? response : request).take(trailers);
            case Note.FrameStart frame -> reader(frame.fromLocal()).start(frame);
            case Note.FrameMore more -> reader(more.fromLocal()).more(more);
            case Note.Look _ -> {}
        }
        over |= flight.overAt() != 0 && (note instanceof Note.Look || (request.isDone() && response.isDone()));
    }

    private void take(Note.Piece piece) {
        if (!piece.fromLocal()) {
            request.take(piece);
            if (piece.head() > 0) {
                requestBegan(request.head());
            }
            return;
        }
        EventSplitter splitter = events;
        if (splitter != null) {
            splitter.take(piece, response);
            return;
        }
        response.take(piece);
        if (piece.head() > 0) {
            responseBegan(response.head(), piece);
        }
    }

    private void requestBegan(@Nullable CapturedHead head) {
        if (head == null) {
            return;
        }
        method = head.part(0);
        path = head.part(1);
        host = head.value("Host");
        String forwarded = head.value("X-Forwarded-For"); // the edge's word: the connection here may be another visitor's
        if (!forwarded.isEmpty() && !visitor.isEmpty()) {
            visitor = forwarded.split(",", 2)[0].strip();
        }
    }

    private void responseBegan(@Nullable CapturedHead head, Note.Piece piece) {
        if (head == null) {
            return;
        }
        status = number(head.part(1));
        if (status == 101 && head.value("Upgrade").equalsIgnoreCase("websocket")) {
            kind = Kind.WEBSOCKET;
        } else if (response.type().toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
            kind = Kind.EVENT_STREAM;
            if (response.encoding().isEmpty()) {
                EventSplitter splitter = new EventSplitter(this);
                events = splitter;
                splitter.first(piece);
            }
        }
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private FrameReader reader(boolean ofLocal) {
        FrameReader has = ofLocal ? fromLocal : fromVisitor;
        if (has != null) {
            return has;
        }
        CapturedHead head = response.head();
        FrameReader made = new FrameReader(this, !ofLocal, head == null ? "" : head.value("Sec-WebSocket-Extensions"));
        if (ofLocal) {
            fromLocal = made;
        } else {
            fromVisitor = made;
        }
        return made;
    }

    /// A message inside of it, not masked yet.
    void add(Message message) {
        Recorded to = recorded();
        if (forgotten) {
            to.messagesMissed(1);
            return;
        }
        Set<String> hit = new HashSet<>();
        boolean withheld = message.type() == Message.Type.COMPRESSED && recorder.masks().hasKeys();
        byte[] kept = withheld ? new byte[0] : recorder.masks().text(message.kept(), hit); // binary ones may have text in them
        to.masked(hit);
        to.add(new Message(
                message.at(), message.fromVisitor(), message.type(), kept, message.bytes(), withheld || message.truncated()));
    }

    void missed(long messages) {
        recorded().messagesMissed(messages);
    }

    /// Room for so many bytes of a message that goes on, among all such.
    ///
    /// @return whether there is any
    boolean reserve(int bytes) {
        if (!recorder.hasRoom(bytes)) {
            return false;
        }
        recorder.reserve(bytes);
        return true;
    }

    void release(int bytes) {
        recorder.release(bytes);
    }

    /// Whether so many bytes more may come of its messages.
    boolean mayInflate(int count) {
        return flight.tap().capture().mayInflate(count);
    }

    long micros(long nanos) {
        return Math.max(0, (nanos - flight.began()) / 1000);
    }

    /// Whether bytes have passed since the last word about it.
    boolean goesOn() {
        return flight.requestBytes() + flight.responseBytes() != toldBytes;
    }

    /// The note of its end may have had no room in the queue.
    boolean finishIfForgotten() {
        over |= flight.overAt() != 0;
        return over;
    }

    /// The client stops.
    void stop() {
        over = true;
        stopped = true;
    }

    /// It cannot be recorded any more: what is not masked by now is not kept, and it ends here.
    void fail() {
        faulty = true;
        over = true;
    }

    /// It has left the store, as those that last may: its messages would be in nobody's count.
    void forget() {
        forgotten = true;
        recorded().forgetMessages();
    }

    private Recorded recorded() {
        Recorded has = recorded;
        if (has == null) {
            has = new Recorded(flight.tap().origin().target(), exchange());
            recorded = has;
        }
        return has;
    }

    /// Brings what is in the store up to date.
    Recorded update() {
        Recorded to = recorded();
        if (!requestKept) {
            Detail.Part part = faulty
                    ? request.withheld(flight.requestBytes())
                    : request.part(flight.requestBytes(), over, to);
            requestKept = over || request.isDone();
            if (part != null) {
                to.request(part);
            }
        }
        if (!responseKept) {
            Detail.Part part = faulty
                    ? response.withheld(flight.responseBytes())
                    : response.part(flight.responseBytes(), over, to);
            responseKept = over || response.isDone();
            if (part != null) {
                to.response(part);
            }
        }
        if (over) {
            closeReaders();
        }
        toldBytes = flight.requestBytes() + flight.responseBytes();
        to.update(exchange(), timings());
        return to;
    }

    private void closeReaders() {
        if (fromLocal != null) {
            fromLocal.close();
        }
        if (fromVisitor != null) {
            fromVisitor.close();
        }
    }

    private Exchange exchange() {
        String why = failure();
        State state = !over ? State.RUNNING : why != null ? State.FAILED : State.COMPLETE;
        return new Exchange(
                id,
                flight.tap().origin().target().shownName(),
                started,
                visitor,
                kind,
                method,
                host,
                path,
                status,
                state,
                over ? why : null,
                micros(end()),
                flight.requestBytes(),
                flight.responseBytes(),
                response.type(),
                flight.tap().origin().repeated().of());
    }

    private long end() {
        long overAt = flight.overAt();
        return overAt != 0 ? overAt : System.nanoTime();
    }

    /// Why it did not come to its end; null where it did, or may still.
    private @Nullable String failure() {
        if (faulty) {
            return "it could not be recorded, by a fault of the inspector";
        }
        boolean whole = kind == Kind.HTTP ? response.isDone() || flight.isResponseDone() : flight.isOrderly();
        String why = flight.failure();
        if (why != null && !(whole && status > 0)) {
            return why;
        }
        if (whole || (stopped && flight.overAt() == 0)) {
            return null;
        }
        if (flight.isLost()) {
            return "not captured to its end, for too much came at once";
        }
        boolean lasting = kind != Kind.HTTP && (kind == Kind.TCP || status > 0);
        if (lasting && flight.isLeftByVisitor()) {
            return null; // so they end
        }
        return flight.isLeftByVisitor() ? "the visitor went away" : lasting ? null : "the local service did not answer"; // as long as the client ran
    }

    private Timings timings() {
        long edge = flight.tap().origin().edgeMicros();
        long responseAt = flight.responseAt();
        long local = (responseAt == 0 ? end() : responseAt) - flight.requestAt();
        return new Timings(
                edge < 0 || !flight.tap().isFirst(flight) ? null : edge,
                (flight.requestAt() - flight.began()) / 1000,
                Math.max(0, local) / 1000,
                responseAt == 0 ? 0 : Math.max(0, end() - responseAt) / 1000);
    }
}
