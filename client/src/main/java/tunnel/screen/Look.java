package tunnel.screen;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a terminal can show, as far as its environment tells.
///
/// @param colour whether its user wants colours (no-color.org)
/// @param many whether it has 256 of them
/// @param links whether addresses can be made clickable (OSC 8); other terminals leave the sequence out, but for a few
/// @param unicode whether it shows more than ASCII
record Look(boolean colour, boolean many, boolean links, boolean unicode) {
    /// @param charset of standard output
    static Look of(Map<String, String> environment, Charset charset) {
        String term = environment.getOrDefault("TERM", "");
        return new Look(
                environment.getOrDefault("NO_COLOR", "").isEmpty(),
                term.contains("256") || environment.containsKey("COLORTERM"),
                hasLinks(term, environment),
                charset.equals(StandardCharsets.UTF_8));
    }

    /// Whether there can be a screen at all.
    static boolean canMoveTheCursor(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        return !term.isEmpty() && !term.equals("dumb") && !term.equals("unknown") && !term.startsWith("emacs");
    }

    /// The Linux console and GNU screen show pieces of the sequence, Emacs does, and VTE before 0.50 crashed.
    private static boolean hasLinks(String term, Map<String, String> environment) {
        boolean breaks = term.equals("linux")
                || term.startsWith("eterm")
                || (term.startsWith("screen") && !environment.containsKey("TMUX"));
        String vte = environment.getOrDefault("VTE_VERSION", "");
        boolean oldVte = vte.matches("[0-9]{1,4}") && Integer.parseInt(vte) < 5000;
        return !breaks && !oldVte;
    }

    /// The one of two texts that it can show.
    String either(String unicodeText, String ascii) {
        return unicode ? unicodeText : ascii;
    }

    /// A stranger's text, fit to be shown.
    String text(String any) {
        String safe = Cells.safe(any);
        return unicode ? safe : safe.replace("…", "~").replaceAll("[^\\x20-\\x7e]", "?");
    }

    /// Text in so many cells at the most.
    String fit(String any, int cells) {
        return Cells.fit(text(any), cells, either("…", "~"));
    }
}
