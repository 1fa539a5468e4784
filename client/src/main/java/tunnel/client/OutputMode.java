package tunnel.client;

/// How a client shows what it does: `--output`.
enum OutputMode {
    /// The screen where standard output is a terminal, else as {@link #PLAIN}.
    AUTO,
    /// A line for each public address on standard output.
    PLAIN,
    /// A line for each event on standard output, a JSON object.
    JSON
}
