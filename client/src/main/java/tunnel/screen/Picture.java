package tunnel.screen;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Rows for a window of any height: what matters least is left out first.
final class Picture {
    /// What a row is worth, the most first.
    enum Worth {
        STATE,
        TROUBLE,
        ADDRESS,
        LAST_REQUEST,
        COUNTS,
        LAST_WARNING,
        SOME_REQUESTS,
        MORE_ADDRESSES,
        SURROUNDINGS,
        HEADING,
        MESSAGES,
        REQUESTS
    }

    private record Ranked(Worth worth, Row row) {}

    private final List<Ranked> top = new ArrayList<>();
    private final List<Ranked> bottom = new ArrayList<>();

    /// Below what is there already.
    void add(Worth worth, Row row) {
        top.add(new Ranked(worth, row));
    }

    void addAll(Worth worth, List<Row> rows) {
        rows.forEach(row -> add(worth, row));
    }

    /// At the lower edge, below what is there already.
    void addAtBottom(Worth worth, Row row) {
        bottom.add(new Ranked(worth, row));
    }

    /// So many rows at the most. Where there is more room than that, it is between the upper rows and those at the lower edge.
    List<Row> fit(int height, Row empty) {
        List<Ranked> all = new ArrayList<>(top);
        all.addAll(bottom);
        List<Integer> kept = IntStream.range(0, all.size())
                .boxed()
                .sorted(Comparator.comparing(i -> all.get(i).worth()))
                .limit(height)
                .sorted()
                .toList();
        List<Row> rows = new ArrayList<>(kept.stream().map(i -> all.get(i).row()).toList());
        long upper = kept.stream().filter(i -> i < top.size()).count();
        while (!bottom.isEmpty() && rows.size() < height) {
            rows.add((int) upper, empty);
        }
        return rows;
    }
}
