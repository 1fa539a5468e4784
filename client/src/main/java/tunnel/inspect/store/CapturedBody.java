package tunnel.inspect.store;

import org.jspecify.annotations.Nullable;

/// What is kept of a body, masked.
///
/// @param bytes how many passed, as they came: encoded, and without the frames of chunks
/// @param kept the first of them, or what they are decoded; nobody changes them
/// @param truncated whether there was more than is kept
/// @param type the media type as the head says it, or empty
/// @param encoding the content coding of `kept` as the head says it, or empty
/// @param decoded whether `kept` was decoded before it was masked
/// @param withheld why nothing is kept, as a sentence; null where that is not so
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record CapturedBody(
        long bytes, byte[] kept, boolean truncated, String type, String encoding, boolean decoded, @Nullable String withheld) {
    public static final CapturedBody NONE = new CapturedBody(0, new byte[0], false, "", "", false, null);

    /// Whether it can be sent again as it was.
    public boolean isWhole() {
        return !truncated && withheld == null;
    }

    @Override
    public String toString() {
        return bytes + " bytes of " + type;
    }
}
