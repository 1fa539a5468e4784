package tunnel.inspect.capture;

import java.nio.ByteBuffer;

/// Follows the frames of a chunked body (RFC 9112, section 7.1) without a look at its data. One thread at a time.
final class ChunkScan {
    private enum State {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER_START,
        TRAILER,
        END,
        BROKEN
    }

    private State state = State.SIZE;
    private long left; // data of the present chunk
    private int trailersAt; // in the bytes that were read last

    void begin() {
        state = State.SIZE;
        left = 0;
    }

    boolean isComplete() {
        return state == State.END;
    }

    /// Whether it is no chunked body: nothing that follows can be understood.
    boolean isBroken() {
        return state == State.BROKEN;
    }

    /// Reads frames up to data that may be copied, to the end of the body, or to the end of the bytes.
    ///
    /// @return where it has come to
    int frames(ByteBuffer data, int from, int to) {
        int at = from;
        trailersAt = isInTrailers() ? from : to;
        while (at < to && state != State.DATA && state != State.END && state != State.BROKEN) {
            boolean before = isInTrailers();
            step(data.get(at++));
            if (!before && isInTrailers()) {
                trailersAt = at;
            }
        }
        return at;
    }

    /// How much of `[from, to)` is data of the present chunk; it counts as read.
    int data(int from, int to) {
        if (state != State.DATA) {
            return 0;
        }
        int length = (int) Math.min(left, to - from);
        left -= length;
        if (left == 0) {
            state = State.DATA_END;
        }
        return length;
    }

    /// Where in the bytes that {@link #frames} read last the trailers begin or go on; behind them where there are none.
    int trailersAt() {
        return trailersAt;
    }

    private boolean isInTrailers() {
        return state == State.TRAILER_START || state == State.TRAILER;
    }

    private void step(int octet) {
        switch (state) {
            case SIZE -> size(octet);
            case EXTENSION -> {
                if (octet == '\n') {
                    sized();
                }
            }
            case DATA_END -> {
                if (octet == '\n') {
                    state = State.SIZE;
                }
            }
            case TRAILER_START -> {
                if (octet == '\n') {
                    state = State.END;
                } else if (octet != '\r') {
                    state = State.TRAILER;
                }
            }
            case TRAILER -> {
                if (octet == '\n') {
                    state = State.TRAILER_START;
                }
            }
            case DATA, END, BROKEN -> throw new IllegalStateException(state.name());
        }
    }

    private void size(int octet) {
        int digit = Character.digit(octet, 16);
        if (digit >= 0 && left < Long.MAX_VALUE >> 5) {
            left = left << 4 | digit;
        } else if (octet == '\n') {
            sized();
        } else if (octet == ';' || octet == '\r' || octet == ' ') {
            state = State.EXTENSION;
        } else {
            state = State.BROKEN;
        }
    }

    private void sized() {
        state = left > 0 ? State.DATA : State.TRAILER_START;
    }
}
