package tunnel.net;

/// What every connection of a program shares: the watchdog and the stock of buffers. Whoever makes it closes it last.
public record Resources(Deadlines deadlines, Buffers buffers) implements AutoCloseable {
    public Resources() {
        this(new Deadlines(), new Buffers());
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
