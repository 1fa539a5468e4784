package tunnel.doctor;

import java.io.IOException;
import java.time.Duration;

/// One thing to look at.
///
/// @param name in a few words
/// @param most that it may take; beyond that it fails
public record Check(String name, Duration most, Looking looking) {
    private static final Duration MOST = Duration.ofSeconds(10); // what a person waits for, once

    /// A check with the usual bound.
    public Check(String name, Looking looking) {
        this(name, MOST, looking);
    }

    /// How it is done.
    @FunctionalInterface
    public interface Looking {
        /// On a thread of its own, which is left to itself when its time is up.
        ///
        /// @throws IOException with what is wrong, where nobody knows a fix
        Verdict look() throws IOException;
    }
}
