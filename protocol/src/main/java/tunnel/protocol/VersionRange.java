package tunnel.protocol;

/// The protocol versions that a program speaks, both ends included, 1 to 65535.
public record VersionRange(int lowest, int highest) {
    /// What this build speaks.
    public static final VersionRange OURS = new VersionRange(1, 1);

    public VersionRange {
        if (lowest < 1 || highest < lowest || highest > 0xFFFF) {
            throw new IllegalArgumentException("not a version range: " + lowest + " to " + highest);
        }
    }

    /// The highest version that both ranges hold, or 0.
    public int common(VersionRange other) {
        int best = Math.min(highest, other.highest);
        return best >= Math.max(lowest, other.lowest) ? best : 0;
    }

    @Override
    public String toString() {
        return lowest == highest ? "version " + lowest : "versions " + lowest + " to " + highest;
    }
}
