package tunnel.screen;

import java.util.ArrayList;
import java.util.List;

/// One row of the window, filled from left to right. What does not fit is cut off, and cannot reach another row.
final class Row {
    private final Look look;
    private final int width;
    private final StringBuilder sent = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private int column;
    private boolean certain = true; // whether all terminals take what is there for as many cells as we do

    Row(Look look, int width) {
        this.look = look;
        this.width = width;
    }

    /// As many cells as are left.
    int left() {
        return width - column;
    }

    Row add(Style style, String any) {
        String piece = look.fit(any, left());
        append(style.begin(look), piece);
        return this;
    }

    private void append(String style, String piece) {
        sent.append(style).append(piece).append(style.isEmpty() ? "" : "\033[0m");
        text.append(piece);
        column += Cells.width(piece);
        certain &= piece.chars().allMatch(c -> c < 0x300);
    }

    /// An address, to click on where the terminal knows how.
    Row link(Style style, String address) {
        boolean links = look.links() && address.matches("https?://[\\x21-\\x7e]{1,2000}");
        sent.append(links ? "\033]8;;" + address + "\033\\" : "");
        add(style, address);
        sent.append(links ? "\033]8;;\033\\" : "");
        return this;
    }

    /// Goes on at a column further right, counted from 0.
    Row at(int next) {
        if (next > column && next <= width) {
            String gap = " ".repeat(next - column);
            sent.append(certain ? gap : "\033[" + (next + 1) + "G");
            text.append(gap);
            column = next;
            certain = true;
        }
        return this;
    }

    /// Text that ends at a column.
    Row endingAt(int end, Style style, String any) {
        String piece = look.fit(any, end - column);
        return at(end - Cells.width(piece)).add(style, piece);
    }

    /// A piece of a QR code at a column, for which the caller knows that the window is wide enough.
    Row codeAt(int at, String blocks) {
        String gap = " ".repeat(Math.max(0, at - column));
        sent.append(certain ? gap : "\033[" + (at + 1) + "G");
        text.append(gap);
        append(Style.CODE.begin(look), blocks);
        return this;
    }

    /// What the terminal is sent.
    String sent() {
        return sent.toString();
    }

    /// The words alone.
    String text() {
        return text.toString().stripTrailing();
    }

    /// Sentences in as many rows as they need, but no more than `most`, each from `indent` on.
    static List<Row> wrapped(Look look, int width, int indent, int most, Style style, String any) {
        List<Row> rows = new ArrayList<>();
        String rest = look.text(any).strip();
        int cells = Math.max(1, width - indent);
        while (!rest.isEmpty() && rows.size() < most) {
            String line = rows.size() + 1 == most ? rest : firstLine(rest, cells);
            rows.add(new Row(look, width).at(indent).add(style, line));
            rest = rest.substring(line.length()).strip();
        }
        return rows;
    }

    private static String firstLine(String text, int cells) {
        String fits = Cells.fit(text, cells + 1, "");
        if (fits.length() == text.length() && Cells.width(text) <= cells) {
            return text;
        }
        int space = fits.lastIndexOf(' ');
        return space > 0 ? fits.substring(0, space) : Cells.fit(text, cells + 1, "").strip();
    }
}
