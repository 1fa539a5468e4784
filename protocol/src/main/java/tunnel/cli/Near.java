package tunnel.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Words like one that was mistyped.
public final class Near {
    private static final int MOST = 3; // more is a list, not a hint

    private Near() {}

    /// The nearest first: with a letter too many, too few, another one, or two that changed places, one such mistake for each
    /// three letters.
    public static List<String> to(String typed, Collection<String> words) {
        int most = Math.max(1, letters(typed) / 3);
        return words.stream()
                .filter(word -> distance(typed, word) <= most)
                .sorted(Comparator.<String>comparingInt(word -> distance(typed, word)).thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    private static int letters(String word) {
        return (int) word.chars().filter(Character::isLetterOrDigit).count();
    }

    /// Of optimal string alignment: edits and swaps of neighbours.
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                d[i][j] = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
