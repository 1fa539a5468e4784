package tunnel.inspect.capture;

/// What those who carry bytes leave in the queue for the capture's thread. Nobody compares notes.
@SuppressWarnings("ArrayRecordComponent")
sealed interface Note {
    Flight flight();

    /// What it takes in the queue, about.
    int size();

    /// Bytes of a message.
    ///
    /// @param fromLocal whether it is the response
    /// @param bytes the head's, if there is any, then the body's, without the frames of chunks
    /// @param head how many are the head's
    /// @param length how many there are in all; the array may have more
    /// @param gap whether some of the body before these were left out
    /// @param done whether the message ends here
    record Piece(Flight flight, boolean fromLocal, byte[] bytes, int head, int length, boolean gap, boolean done) implements Note {
        @Override
        public int size() {
            return bytes.length + OVERHEAD;
        }
    }

    /// A chunked body's trailers.
    record Trailers(Flight flight, boolean fromLocal, byte[] bytes) implements Note {
        @Override
        public int size() {
            return bytes.length + OVERHEAD;
        }
    }

    /// A WebSocket's frame begins.
    ///
    /// @param bytes the first of its payload
    /// @param missed frames before this one that were left out
    /// @param nanos when
    record FrameStart(
            Flight flight, boolean fromLocal, FrameHead head, byte[] bytes, long missed, long nanos) implements Note {
        @Override
        public int size() {
            return bytes.length + OVERHEAD;
        }
    }

    /// What a frame's head says.
    ///
    /// @param mask what the payload is masked with, or 0
    /// @param payload its length
    record FrameHead(int opcode, boolean isFinal, boolean compressed, int mask, long payload) {}

    /// It goes on.
    record FrameMore(Flight flight, boolean fromLocal, byte[] bytes) implements Note {
        @Override
        public int size() {
            return bytes.length + OVERHEAD;
        }
    }

    /// There is something to look at in the flight itself: it began, or is over.
    record Look(Flight flight) implements Note {
        @Override
        public int size() {
            return OVERHEAD;
        }
    }

    int OVERHEAD = 96;
}
