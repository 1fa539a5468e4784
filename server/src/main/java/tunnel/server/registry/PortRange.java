package tunnel.server.registry;

/// The public ports that tunnels may have, both ends included. Written `20000-20999`.
public record PortRange(int first, int last) {
    public PortRange {
        if (first < 1 || last > 65535 || last < first) {
            throw new IllegalArgumentException(
                    "'" + first + "-" + last + "' is not a range of ports: write FIRST-LAST, as in 20000-20999");
        }
    }

    /// Reads `FIRST-LAST`, or one port.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static PortRange parse(String text) {
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a range of ports: write FIRST-LAST, as in 20000-20999");
        }
        String[] ends = text.split("-", 2);
        return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
