package tunnel.e2e;

import java.util.List;

/// Log lines of which one may stand for many.
final class CountedLines {
    private CountedLines() {}

    /// How many events the lines stand for.
    static int sum(List<String> lines) {
        return lines.stream().mapToInt(CountedLines::count).sum();
    }

    private static int count(String line) {
        return line.endsWith(" more like it in the last second)")
                ? 1 + Integer.parseInt(line.replaceAll(".*\\(and ([0-9]+) more.*", "$1"))
                : 1;
    }
}
