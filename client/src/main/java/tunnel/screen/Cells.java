package tunnel.screen;

import java.util.HexFormat;

/// Text in a terminal's cells. What a stranger wrote is made safe first: nothing in it moves the cursor, changes a mode, or runs
/// from right to left over its neighbours.
final class Cells {
    private static final int LONGEST = 1000; // in UTF-16, more than a row holds
    private static final HexFormat HEX = HexFormat.of();
    private static final int MOST_MARKS = 2; // upon one letter, as in Vietnamese

    /// First and last code points that take two cells, apart from emoji: Unicode's East_Asian_Width W and F, in large pieces.
    private static final int[][] WIDE = {
        {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff},
        {0x1f300, 0x1f320}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}
    };

    private Cells() {}

    /// The text with all that is not plainly visible written in hexadecimal.
    static String safe(String text) {
        StringBuilder out = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        int marks = MOST_MARKS; // none without a letter before it
        for (int i = 0; i < end; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            switch (Character.getType(point)) {
                case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {
                    if (marks++ < MOST_MARKS && !isVariation(point)) {
                        out.appendCodePoint(point);
                    }
                }
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED -> {
                    out.append(point < 256 ? "\\x" : "\\u").append(HEX.toHexDigits(point, point < 256 ? 2 : point < 0x10000 ? 4 : 6));
                    marks = MOST_MARKS;
                }
                case Character.SPACE_SEPARATOR -> {
                    out.append(' ');
                    marks = MOST_MARKS;
                }
                default -> {
                    out.appendCodePoint(point);
                    marks = 0;
                }
            }
        }
        return out.append(end < text.length() ? "…" : "").toString();
    }

    /// These choose between narrow and wide pictures, which terminals do not agree on.
    private static boolean isVariation(int point) {
        return (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef);
    }

    /// How many cells safe text takes.
    static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    private static int width(int point) {
        if (point < 0x300) {
            return 1;
        }
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || (point >= 0x1160 && point <= 0x11ff)) {
            return 0;
        }
        if (Character.isEmojiPresentation(point)) {
            return 2;
        }
        for (int[] range : WIDE) {
            if (point >= range[0] && point <= range[1]) {
                return 2;
            }
        }
        return 1;
    }

    /// Safe text in so many cells at the most; what is cut off is shown by `cut`, of one cell.
    static String fit(String text, int cells, String cut) {
        if (width(text) <= cells) {
            return text;
        }
        if (cells <= 0) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int point : text.codePoints().toArray()) {
            used += width(point);
            if (used > cells - 1) {
                break;
            }
            out.appendCodePoint(point);
        }
        return out.append(cut).toString();
    }
}
