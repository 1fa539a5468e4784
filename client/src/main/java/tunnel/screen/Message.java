package tunnel.screen;

import java.time.Instant;

/// A line of the log, as the screen shows it.
///
/// @param severe whether it is about something that does not work
record Message(Instant at, boolean severe, String text) {}
