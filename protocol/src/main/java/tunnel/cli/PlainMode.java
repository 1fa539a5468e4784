package tunnel.cli;

/// Whether the control connection does without TLS.
public enum PlainMode {
    /// TLS it is.
    OFF,
    /// Without TLS, but only on loopback: `--plain`.
    LOOPBACK,
    /// Without TLS wherever it may go: `--plain=insecure`.
    INSECURE;

    /// Reads the value of `--plain`; none is {@link #LOOPBACK}.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static PlainMode parse(String value) {
        return switch (value) {
            case "" -> LOOPBACK;
            case "insecure" -> INSECURE;
            default -> throw new IllegalArgumentException(
                    "'" + value + "' is not a mode: write --plain on loopback, or --plain=insecure");
        };
    }

    /// Reads the option.
    public static final class Value extends Parsing<PlainMode> {
        public Value() {
            super(PlainMode::parse);
        }
    }
}
