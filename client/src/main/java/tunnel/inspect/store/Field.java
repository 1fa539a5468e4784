package tunnel.inspect.store;

/// A header field or trailer, in the order and with the letters in which it came.
///
/// @param value each byte as one character (ISO 8859-1), so that it can be sent again as it was
public record Field(String name, String value) {
    /// Whether it has that name, without regard to case.
    public boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}
