package tunnel.inspect.capture;

import java.util.Arrays;

/// Collects the beginning of a body. The capture's thread only.
final class BodyBuffer {
    private static final byte[] EMPTY = new byte[0];

    private byte[] bytes = EMPTY;
    private int length;
    private boolean cut; // something is missing behind what there is

    /// Adds what is next, as far as it may.
    ///
    /// @return how much more it takes in memory than before
    int add(byte[] from, int start, int count, int most) {
        int fits = cut ? 0 : Math.min(count, most - length);
        cut |= fits < count;
        int before = bytes.length;
        if (length + fits > before) {
            bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(length + fits, 2 * before)));
        }
        System.arraycopy(from, start, bytes, length, fits);
        length += fits;
        return bytes.length - before;
    }

    /// What follows is missing.
    void cut() {
        cut = true;
    }

    int room() {
        return bytes.length;
    }

    /// What there is; there will be nothing more.
    byte[] take() {
        byte[] all = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        bytes = EMPTY;
        length = 0;
        cut = true;
        return all;
    }
}
