package tunnel.screen;

/// How a piece of text looks. Colours are the terminal's own sixteen, which its user has chosen to be readable.
enum Style {
    PLAIN("", ""),
    STRONG("1", ""),
    FAINT("2", ""),
    GOOD("", "32"),
    NOTE("", "36"),
    WARNING("", "33"),
    BAD("", "31"),
    /// A QR code's own colours, whatever the terminal's are.
    CODE("", "");

    private final String weight;
    private final String colour;

    Style(String weight, String colour) {
        this.weight = weight;
        this.colour = colour;
    }

    /// What the terminal is sent before the text (ECMA-48, SGR), or empty.
    String begin(Look look) {
        if (this == CODE) {
            return look.many() ? "\033[38;5;16;48;5;231m" : "\033[30;47m";
        }
        String codes = look.colour() ? weight + colour : weight;
        return codes.isEmpty() ? "" : "\033[" + codes + "m";
    }
}
