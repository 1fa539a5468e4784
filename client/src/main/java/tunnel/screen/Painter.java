package tunnel.screen;

import java.util.ArrayList;
import java.util.List;

/// What the terminal has to be sent so that it shows some rows: those alone that are different. Used by one thread.
final class Painter {
    /// A terminal that knows these (mode 2026) shows all of it at once; others leave them out.
    private static final String BEGIN = "\033[?2026h";
    private static final String END = "\033[?2026l";

    private List<String> shown = new ArrayList<>();
    private boolean unknown = true;

    /// Whatever the terminal shows, it is not what was painted last.
    void forget() {
        unknown = true;
    }

    /// What to send, or nothing where the rows are there already.
    String paint(List<Row> rows) {
        List<String> next = rows.stream().map(Row::sent).toList();
        StringBuilder out = new StringBuilder();
        if (unknown) {
            out.append("\033[H\033[2J");
            shown = List.of();
            unknown = false;
        }
        for (int i = 0; i < Math.max(next.size(), shown.size()); i++) {
            String row = i < next.size() ? next.get(i) : "";
            if (!row.equals(i < shown.size() ? shown.get(i) : "")) {
                out.append("\033[").append(i + 1).append(";1H\033[0m\033[2K").append(row);
            }
        }
        shown = next;
        return out.isEmpty() ? "" : BEGIN + out + END;
    }
}
