package tunnel.inspect.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import tunnel.inspect.store.Message;

/// Takes an event stream apart (HTML, section 9.2.6): each event as the lines that came. The capture's thread only.
final class EventSplitter {
    private static final int MOST = 64 << 10; // of an event

    private final Recording recording;
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();
    private long bytes; // of the present event
    private boolean lineEmpty = true;
    private boolean afterReturn;
    private boolean skipping; // the beginning of the present event is missing

    EventSplitter(Recording recording) {
        this.recording = recording;
    }

    /// The piece that the response's head came in.
    void first(Note.Piece piece) {
        split(piece);
    }

    void take(Note.Piece piece, MessageSide response) {
        response.take(piece);
        if (piece.gap()) {
            recording.missed(1);
            event.reset();
            bytes = 0;
            skipping = true;
        }
        split(piece);
    }

    private void split(Note.Piece piece) {
        for (int i = piece.head(); i < piece.length(); i++) {
            octet(piece.bytes()[i]);
        }
    }

    /// Lines end in CR LF, LF or CR; an empty one ends an event.
    private void octet(int octet) {
        if (octet == '\n' && afterReturn) {
            afterReturn = false;
            return;
        }
        afterReturn = octet == '\r';
        if (octet == '\n' || octet == '\r') {
            if (lineEmpty) {
                end();
            } else {
                add('\n');
            }
            lineEmpty = true;
        } else {
            lineEmpty = false;
            add(octet);
        }
    }

    private void add(int octet) {
        bytes++;
        if (event.size() < MOST) {
            event.write(octet);
        }
    }

    private void end() {
        if (bytes > 0 && !skipping) {
            String text = event.toString(ISO_8859_1).stripTrailing();
            recording.add(new Message(
                    recording.micros(System.nanoTime()),
                    false,
                    Message.Type.EVENT,
                    text.getBytes(ISO_8859_1),
                    bytes,
                    bytes > event.size()));
        }
        skipping = false;
        bytes = 0;
        event.reset();
    }
}
