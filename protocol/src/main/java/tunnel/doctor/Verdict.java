package tunnel.doctor;

/// What came of a check.
///
/// @param found what was looked at and how it is, in a few words
/// @param fix what to do about it; empty where there is nothing to do
public record Verdict(Level level, String found, String fix) {
    /// How bad it is.
    public enum Level {
        OK,
        /// All may work, and here is what one should know.
        NOTE,
        FAIL,
        /// It was not looked at, since something before it fails.
        SKIPPED
    }

    public static Verdict ok(String found) {
        return new Verdict(Level.OK, found, "");
    }

    public static Verdict note(String found, String fix) {
        return new Verdict(Level.NOTE, found, fix);
    }

    public static Verdict fail(String found, String fix) {
        return new Verdict(Level.FAIL, found, fix);
    }

    /// It was not looked at.
    ///
    /// @param why as in `no connection to the server`
    public static Verdict skipped(String why) {
        return new Verdict(Level.SKIPPED, why, "");
    }
}
