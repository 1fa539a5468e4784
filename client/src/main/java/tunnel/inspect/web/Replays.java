package tunnel.inspect.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.store.Field;
import tunnel.inspect.store.Recorded;

/// Sends requests again.
public interface Replays {
    /// What is sent in place of what was captured.
    ///
    /// @param body null for the captured one
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Edited(String method, String path, List<Field> headers, byte @Nullable [] body) {}

    /// What came of it.
    ///
    /// @param id of the new exchange
    /// @param left the fields that were left out, since only masked values of them are known
    record Sent(long id, List<String> left) {}

    /// Sends it to the local service that it went to, and waits for its end, 30 s at most.
    ///
    /// @param edited null to send it as it was
    /// @throws Refused where it cannot be sent
    Sent send(Recorded original, @Nullable Edited edited) throws Refused, InterruptedException;

    /// It cannot be sent, with a sentence for the user.
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        public Refused(String sentence) {
            super(sentence);
        }
    }
}
