package tunnel.screen;

/// A window's, in cells.
record Size(int columns, int rows) {
    /// Of a terminal that does not know, as one at a serial line.
    static final Size USUAL = new Size(80, 24);

    private static final int MOST = 1000; // nobody's window; a terminal that claims more shall not cost memory

    /// What `stty size` says.
    static Size parse(String text) {
        if (!text.matches("[0-9]{1,5} [0-9]{1,5}")) {
            return USUAL;
        }
        String[] both = text.split(" ", -1);
        int rows = Integer.parseInt(both[0]);
        int columns = Integer.parseInt(both[1]);
        return rows == 0 || columns == 0 ? USUAL : new Size(Math.min(columns, MOST), Math.min(rows, MOST));
    }
}
