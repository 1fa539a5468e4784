package tunnel.inspect.capture;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.store.CapturedBody;
import tunnel.inspect.store.CapturedHead;
import tunnel.inspect.store.Detail;
import tunnel.inspect.store.Recorded;

/// A request or a response as it is put together. The capture's thread only.
final class MessageSide {
    private final Recorder recorder;
    private final BodyBuffer body = new BodyBuffer();
    private final Set<String> hit = new HashSet<>();

    private @Nullable CapturedHead head;
    private CapturedHead trailers = CapturedHead.NONE;
    private String type = "";
    private String encoding = "";
    private boolean done;

    MessageSide(Recorder recorder) {
        this.recorder = recorder;
    }

    /// null where none has come.
    @Nullable CapturedHead head() {
        return head;
    }

    String type() {
        return type;
    }

    String encoding() {
        return encoding;
    }

    boolean isDone() {
        return done;
    }

    void take(Note.Piece piece) {
        if (piece.head() > 0) {
            CapturedHead masked = new CapturedHead(recorder.masks().head(piece.bytes(), piece.head(), hit));
            head = masked;
            type = masked.value("Content-Type");
            encoding = masked.value("Content-Encoding");
            body.expect(masked.value("Content-Length"));
        }
        if (piece.gap()) {
            body.cut();
        }
        int count = piece.length() - piece.head();
        if (count > 0) {
            if (recorder.hasRoom(count)) {
                recorder.reserve(body.add(piece.bytes(), piece.head(), count, recorder.bodies().most()));
            } else {
                body.cut();
            }
        }
        done |= piece.done();
    }

    void take(Note.Trailers piece) {
        trailers = new CapturedHead(recorder.masks().head(piece.bytes(), piece.bytes().length, hit));
    }

    /// Gives what there is to the store: the head as soon as it is there, the body when it will not change any more, since before it
    /// cannot be masked.
    ///
    /// @param passed bytes of the body
    Detail.@Nullable Part part(long passed, boolean over, Recorded recorded) {
        CapturedHead has = head;
        if (has == null) {
            return null;
        }
        Detail.Part part = over || done
                ? new Detail.Part(has, trailers, recorder.bodies().kept(passed, taken(), type, encoding, hit))
                : Detail.Part.of(has);
        recorded.masked(hit);
        return part;
    }

    /// Gives the head alone, where it is not known what of the body is masked.
    Detail.@Nullable Part withheld(long passed) {
        taken();
        CapturedHead has = head;
        return has == null
                ? null
                : new Detail.Part(has, CapturedHead.NONE, new CapturedBody(
                        passed, new byte[0], true, type, encoding, false, "it could not be masked"));
    }

    private byte[] taken() {
        recorder.release(body.room());
        return body.take();
    }
}
