package tunnel.config;

import java.util.Comparator;

/// A place in a file, both counted from 1.
public record Position(int line, int column) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

    /// Where a file begins.
    public static final Position START = new Position(1, 1);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
