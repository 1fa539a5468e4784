package tunnel.inspect.capture;

import java.util.Arrays;

/// Collects the beginning of a body. The capture's thread only.
final class BodyBuffer {
    private static final byte[] EMPTY = new byte[0];

    private static final int LARGE = 4 << 10;

    private byte[] bytes = EMPTY;
    private int length;
    private int expected; // in all, as the head says it; 0 where it does not
    private boolean cut; // something is missing behind what there is

    /// The head says how long it will be, so that it need not be moved as it grows.
    void expect(String contentLength) {
        if (contentLength.matches("[0-9]{1,9}")) {
            expected = Integer.parseInt(contentLength);
        }
    }

    /// Adds what is next, as far as it may.
    ///
    /// @return how much more it takes in memory than before
    int add(byte[] from, int start, int count, int most) {
        int fits = cut ? 0 : Math.min(count, most - length);
        cut |= fits < count;
        int before = bytes.length;
        if (length + fits > before) {
            int sensible = count >= LARGE ? expected : 2 * before; // who sends little may not send what it says
            bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(length + fits, sensible)));
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
