package tunnel.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What a TLS peer sends, decrypted. By the thread that reads. At rest it holds no buffer.
final class TlsInput {
    private static final int RECORD_HEADER = 5;
    private static final int TAG = 16; // of all ciphers here
    private static final int LARGEST_RECORD = (1 << 14) + 256; // RFC 8446, section 5.2
    /// Records in a row that bring no data: a handshake has a dozen. Each of some kinds would cost work and memory.
    private static final int MOST_WITHOUT_DATA = 32;
    /// The longest record of a peer that has yet to say who it is: a first frame, and what TLS adds.
    private static final int LARGEST_OF_STRANGER = 1280;
    /// Bytes of records that bring no data, for each {@link #MUCH_DATA}: room for tickets, and for dozens of key updates, of which an
    /// honest peer sends one in 2^37 bytes. The engine acts on all that a record has at once, 3,000 of them in the longest, for
    /// some 30 µs each.
    private static final int MOST_BYTES_WITHOUT_DATA = 2048;
    private static final int MUCH_DATA = 1 << 20;

    private final PlainTransport raw;
    private final SSLEngine engine;
    private final Buffers buffers;
    private final AtomicBoolean large = new AtomicBoolean(); // counted as one who holds a large buffer

    // each null at rest and otherwise with what is unread between position and limit
    private @Nullable ByteBuffer records; // as they came
    private @Nullable ByteBuffer plain; // of a record that was larger than the room for it
    private int withoutData; // records in a row
    private int largest = LARGEST_RECORD;
    private boolean secure; // the handshake is done
    private int bytesWithoutData; // since then, and since much data
    private int bytesOfData; // since there was much

    TlsInput(PlainTransport raw, SSLEngine engine, Buffers buffers) {
        this.raw = raw;
        this.engine = engine;
        this.buffers = buffers;
    }

    /// The handshake is done.
    ///
    /// @param stranger whether the peer may be anybody
    void secured(boolean stranger) {
        secure = true;
        largest = stranger ? LARGEST_OF_STRANGER : LARGEST_RECORD;
    }

    /// The peer has said who it is.
    void peerIsKnown() {
        largest = LARGEST_RECORD;
    }

    /// As {@link Transport#read}.
    int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        int read = 0;
        while (read == 0) {
            read = plain != null ? copyPlain(plain, target) : unwrap(target);
        }
        while (read > 0 && fitsAtHand(target)) { // one write for all of them
            int more = unwrap(target);
            if (more <= 0) {
                break; // which the next read finds as well
            }
            read += more;
        }
        return read;
    }

    /// Whether there is another whole record, with room for all that it may bring.
    private boolean fitsAtHand(ByteBuffer target) {
        ByteBuffer unread = records;
        if (unread == null || unread.remaining() < RECORD_HEADER) {
            return false;
        }
        int length = contentLength(unread);
        return length <= largest && length <= unread.remaining() - RECORD_HEADER && length - TAG <= target.remaining();
    }

    /// As {@link Transport#awaitReadable}.
    void awaitReadable() throws IOException {
        if (records == null && plain == null) {
            raw.awaitReadable();
        }
    }

    private int copyPlain(ByteBuffer from, ByteBuffer target) {
        int length = Math.min(from.remaining(), target.remaining());
        target.put(target.position(), from, from.position(), length).position(target.position() + length);
        from.position(from.position() + length);
        if (!from.hasRemaining()) {
            buffers.give(from);
            plain = null;
        }
        return length;
    }

    /// One record, of which as much as there is room for; 0 where that was none of data, or did not fit and is in
    /// {@link #plain} now, -1 at the end of input.
    int unwrap(ByteBuffer target) throws IOException {
        if (records == null) {
            return fill(target) ? 0 : -1;
        }
        checkLength(records);
        int start = target.position();
        int before = records.position();
        Status status = engine.unwrap(records, target).getStatus();
        if (status == Status.BUFFER_OVERFLOW) {
            status = unwrapAside(records);
        }
        return switch (status) {
            case OK -> {
                int length = records.position() - before;
                letGo();
                countWithoutData(length, plain != null || target.position() > start);
                yield target.position() - start;
            }
            case BUFFER_UNDERFLOW -> fill(target) ? 0 : -1;
            case CLOSED -> -1;
            case BUFFER_OVERFLOW -> throw new SSLException("a record does not fit where any must");
        };
    }

    /// The engine takes longer ones before a version is agreed on, and any peer could send them.
    private void checkLength(ByteBuffer records) throws SSLException {
        if (records.remaining() >= RECORD_HEADER) {
            int length = contentLength(records);
            if (length > largest) {
                throw new SSLException("a record is " + length + " bytes long, " + largest + " are allowed");
            }
        }
    }

    private static int contentLength(ByteBuffer records) {
        return records.getShort(records.position() + RECORD_HEADER - 2) & 0xFFFF;
    }

    /// A peer that only changes keys, or sends what is of no use any more, would otherwise keep this thread for ever.
    private void countWithoutData(int length, boolean data) throws SSLException {
        withoutData = data ? 0 : withoutData + 1;
        if (withoutData > MOST_WITHOUT_DATA) {
            throw new SSLException(MOST_WITHOUT_DATA + " records came without data");
        }
        if (!secure) {
            return;
        }
        if (data) {
            bytesOfData += length;
        } else {
            bytesWithoutData += length;
        }
        if (bytesOfData > MUCH_DATA) {
            bytesOfData = 0;
            bytesWithoutData = 0;
        }
        if (bytesWithoutData > MOST_BYTES_WITHOUT_DATA) {
            throw new SSLException(bytesWithoutData + " bytes came in records without data");
        }
    }

    /// A record for which the caller has no room, or of which not all is there yet: the engine looks at the room first.
    private Status unwrapAside(ByteBuffer from) throws IOException {
        ByteBuffer whole = buffers.take(Buffers.RECORD);
        Status status = null;
        try {
            status = engine.unwrap(from, whole).getStatus();
        } finally {
            if (status == Status.OK && whole.flip().hasRemaining()) {
                plain = whole;
            } else {
                buffers.give(whole);
            }
        }
        return status;
    }

    /// Gives the buffer back once all of it was decrypted.
    private void letGo() {
        ByteBuffer done = records;
        if (done != null && !done.hasRemaining()) {
            give(done);
            records = null;
        }
    }

    /// For records, as many as `wanted` bytes are, or one at a time where too many connections hold large buffers.
    private ByteBuffer take(int wanted) {
        if (wanted <= Buffers.RECORD || !buffers.beginLargeRead()) {
            return buffers.takeHeap(Math.min(wanted, Buffers.RECORD));
        }
        large.set(true);
        if (!raw.isOpen()) { // closed in between, which found nothing to end
            endLargeRead();
        }
        return buffers.takeHeap(Buffers.SEALED);
    }

    private void give(ByteBuffer done) {
        if (done.capacity() == Buffers.SEALED) {
            endLargeRead();
        }
        buffers.give(done);
    }

    /// Also by whoever closes the connection, on any thread: what was not read is garbage then.
    void endLargeRead() {
        if (large.getAndSet(false)) {
            buffers.endLargeRead();
        }
    }

    /// Reads at least a byte more of a record; false at the end of input, or where that is an end inside a record.
    private boolean fill(ByteBuffer target) throws IOException {
        letGo();
        if (records == null) {
            raw.awaitReadable();
        }
        ByteBuffer to = room(target.remaining());
        try {
            if (!to.hasRemaining()) { // an SSLv2 header, say, whose length is elsewhere: reading would bring nothing for ever
                throw new SSLException("a record is longer than any may be");
            }
            return raw.read(to) >= 0;
        } finally {
            to.flip();
            letGo();
        }
    }

    /// With room behind what is unread, and for as much as the caller has room for, or the record that has begun.
    private ByteBuffer room(int wanted) {
        ByteBuffer unread = records;
        if (unread == null) {
            records = take(wanted);
            return records;
        }
        int size = wanted > Buffers.RECORD ? Buffers.SEALED : Buffers.RECORD;
        if (unread.capacity() != size && unread.remaining() <= size / 2) { // a smaller one too, once the caller asks for less
            ByteBuffer other = take(size).put(unread);
            give(unread);
            records = other;
            return other;
        }
        return unread.compact();
    }
}
