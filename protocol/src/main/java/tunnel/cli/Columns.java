package tunnel.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of a table for a terminal, each column as wide as its widest cell.
public final class Columns {
    private final List<List<String>> rows = new ArrayList<>();
    private final int firstOfNumbers;

    /// A table without rows.
    ///
    /// @param firstOfNumbers from this column on, counted from 0, cells stand at the right
    public Columns(int firstOfNumbers, String... heads) {
        this.firstOfNumbers = firstOfNumbers;
        add(heads);
    }

    /// A row with a cell for each head.
    public void add(String... cells) {
        rows.add(List.of(cells));
    }

    /// All lines, the heads first.
    public List<String> lines() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            int spaces = widths[i] - row.get(i).length();
            if (i >= firstOfNumbers) {
                line.repeat(' ', spaces).append(row.get(i)).append("  ");
            } else {
                line.append(row.get(i)).repeat(' ', spaces + 2);
            }
        }
        return line.toString().stripTrailing();
    }

    /// A text that takes no more than so many places, with a sign where it was cut.
    public static String fit(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
