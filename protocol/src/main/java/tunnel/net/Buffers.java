package tunnel.net;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;

/// A bounded stock of buffers in three sizes, so that a connection at rest holds little and a busy one much: direct ones, which
/// spare sockets a copy, and ones in the heap, which the JDK's ciphers are faster with.
///
/// Who takes a buffer owns it until it gives it back, once; a buffer that is never given back is only garbage. Neither
/// call waits. Thread-safe.
public final class Buffers {
    /// Enough for any frame of a stream at rest and most HTTP heads: what 10,000 idle connections can afford.
    public static final int SMALL = 4 << 10;
    /// A TLS record (RFC 8446, section 5.2: 2^14 bytes of content and at most 256 more) with room to spare.
    public static final int RECORD = 17 << 10;
    /// For bytes in bulk: fewer system calls a GB than with any smaller size that was tried.
    public static final int LARGE = 64 << 10;
    /// As much in TLS records. The JDK makes none where there is no room for the largest that there can be.
    static final int SEALED = 66 << 10;

    private record Shelf(int size, ArrayBlockingQueue<ByteBuffer> stock) {
        Shelf(int size, int bound) {
            this(size, new ArrayBlockingQueue<>(bound));
        }
    }

    // At most 4 MiB, 4 MiB and 8 MiB are kept.
    private final List<Shelf> direct = List.of(new Shelf(SMALL, 1024), new Shelf(RECORD, 256), new Shelf(LARGE, 128));
    // And in the heap, whose garbage is cheap, a quarter of that.
    private final List<Shelf> heap = List.of(new Shelf(SMALL, 256), new Shelf(RECORD, 64), new Shelf(SEALED, 32));

    // So many may hold SEALED bytes of what they write, and so many of what they read: a peer that reads next to nothing keeps what is
    // on its way to it for as long as it likes.
    private final Semaphore largeWrites;
    private final Semaphore largeReads;

    /// For a process with this heap.
    public Buffers() {
        this(Runtime.getRuntime().maxMemory());
    }

    /// @param heap bytes, of which ciphertext in bulk has an eighth at the most
    public Buffers(long heap) {
        int most = Math.clamp(heap / 16 / SEALED, 0, Integer.MAX_VALUE);
        largeWrites = new Semaphore(most);
        largeReads = new Semaphore(most);
    }

    /// A cleared direct buffer of the smallest of the three sizes that holds `size` bytes.
    public ByteBuffer take(int size) {
        Shelf shelf = shelf(direct, size);
        ByteBuffer stocked = shelf.stock.poll();
        return stocked != null ? stocked : ByteBuffer.allocateDirect(shelf.size);
    }

    /// The same in the heap.
    public ByteBuffer takeHeap(int size) {
        Shelf shelf = shelf(heap, size);
        ByteBuffer stocked = shelf.stock.poll();
        return stocked != null ? stocked : ByteBuffer.allocate(shelf.size);
    }

    /// In the heap, for ciphertext that is on its way out: for all of `size`, or for one record where too many hold large ones.
    ByteBuffer takeToWrite(int size) {
        return takeHeap(size > RECORD && largeWrites.tryAcquire() ? SEALED : RECORD);
    }

    /// Gives back what {@link #takeToWrite} gave.
    void giveWritten(ByteBuffer buffer) {
        if (buffer.capacity() == SEALED) {
            largeWrites.release();
        }
        give(buffer);
    }

    /// Whether one more may hold a buffer of {@link #SEALED} to read into, until {@link #endLargeRead}.
    boolean beginLargeRead() {
        return largeReads.tryAcquire();
    }

    void endLargeRead() {
        largeReads.release();
    }

    private static Shelf shelf(List<Shelf> shelves, int size) {
        for (Shelf shelf : shelves) {
            if (size <= shelf.size) {
                return shelf;
            }
        }
        throw new IllegalArgumentException("no buffer holds " + size + " bytes");
    }

    /// Gives back a buffer that was taken here; the giver never touches it again. Beyond the bound it is dropped.
    public void give(ByteBuffer buffer) {
        for (Shelf shelf : buffer.isDirect() ? direct : heap) {
            if (buffer.capacity() == shelf.size) {
                var _ = shelf.stock.offer(buffer.clear());
                return;
            }
        }
        throw new IllegalArgumentException("not a buffer of this stock");
    }
}
