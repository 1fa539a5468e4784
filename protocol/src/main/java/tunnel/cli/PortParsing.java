package tunnel.cli;

/// Reads a port to listen on.
public final class PortParsing extends Parsing<Integer> {
    public PortParsing() {
        super(PortParsing::parse);
    }

    private static int parse(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException("'" + text + "' is not a port: write 1 to 65535, or 0 for any");
        }
        return Integer.parseInt(text);
    }
}
