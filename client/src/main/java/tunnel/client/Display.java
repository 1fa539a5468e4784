package tunnel.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.cli.Terminal;
import tunnel.events.ClientEvents;
import tunnel.events.ClientModel;
import tunnel.events.ClientSnapshot;
import tunnel.screen.Screen;

/// What shows a running client to its user: the screen, or lines.
final class Display implements AutoCloseable {
    private final List<ClientEvents> told = new ArrayList<>();
    private final List<Runnable> flushes = new ArrayList<>();
    private @Nullable Screen screen; // null where there are lines
    private boolean wantsExchanges;
    private Runnable withoutScreen = () -> {};

    private Display() {}

    /// Lines alone.
    ///
    /// @param requests whether requests are wanted too, where the lines are JSON
    /// @param code whether the first address is to be drawn as a QR code, on standard error
    static Display lines(OutputMode mode, boolean requests, boolean code, PrintStream out) {
        Display display = new Display();
        if (mode == OutputMode.JSON) {
            JsonLines lines = new JsonLines(out, requests);
            display.add(lines, lines::flush);
            display.wantsExchanges = requests;
        } else {
            Console console = new Console(out);
            display.add(console, console::flush);
        }
        if (code) {
            CodeLines lines = new CodeLines(System.err);
            display.add(lines, lines::flush);
        }
        return display;
    }

    /// The screen where standard output is a terminal, else lines.
    ///
    /// @param model what it shows, which others keep true
    static Display screen(boolean code, ClientModel model) {
        Screen screen = Terminal.isAt(1) ? Screen.at(model, code) : null;
        if (screen == null) {
            return lines(OutputMode.PLAIN, false, code, System.out);
        }
        Display display = new Display();
        Console console = new Console(System.out);
        display.screen = screen;
        display.wantsExchanges = true;
        display.withoutScreen =
                () -> model.snapshot().tunnels().stream().map(ClientSnapshot.Tunnel::shown).forEach(console::ready);
        display.flushes.add(console::flush);
        return display;
    }

    private void add(ClientEvents listener, Runnable flush) {
        told.add(listener);
        flushes.add(flush);
    }

    /// Who wants to know what the client does.
    ClientEvents events() {
        return ClientEvents.all(told);
    }

    /// Whether each exchange is to be told.
    boolean wantsExchanges() {
        return wantsExchanges;
    }

    /// Whether it has the whole terminal.
    boolean isScreen() {
        return screen != null;
    }

    /// Begins to show.
    ///
    /// @param quit run when the user has had enough
    void start(Runnable quit) {
        if (screen != null) {
            screen.start(quit, withoutScreen);
        }
    }

    /// Lets what is to be printed leave, or gives the terminal back, for a second or so. Closing again does nothing.
    @Override
    public void close() {
        if (screen != null) {
            screen.close();
        }
        flushes.forEach(Runnable::run);
    }
}
