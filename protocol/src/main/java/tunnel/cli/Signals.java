package tunnel.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/// Signals, beyond what a shutdown hook hears of: the first of those that end a program. The JDK's one way to the others is
/// `sun.misc.Signal` (module jdk.unsupported), which javac cannot name without a warning.
public final class Signals {
    private static final List<String> STOP = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /// Gives each of those that ask a program to stop to `action` by its name, as in `TERM`, on a thread of the JVM's, which must not
    /// be kept. One that whoever started the program has told it to ignore stays ignored.
    static void handle(Consumer<String> action) {
        STOP.forEach(name -> handle(name, () -> action.accept(name)));
    }

    /// Runs `action` at each signal of a name, as in `WINCH`, on a thread of the JVM's, which must not be kept.
    public static void handle(String name, Runnable action) {
        InvocationHandler calls = (_, method, _) -> {
            if (method.getName().equals("handle")) {
                action.run();
            }
            return null;
        };
        set(name, handler -> Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls));
    }

    /// Has the system do with it what it does with a program that does not mind.
    public static void byDefault(String name) {
        set(name, handler -> handler.getField("SIG_DFL").get(null));
    }

    /// Has it mean nothing, and interrupt nothing.
    public static void ignore(String name) {
        set(name, handler -> handler.getField("SIG_IGN").get(null));
    }

    @FunctionalInterface
    private interface Choice {
        Object of(Class<?> handler) throws ReflectiveOperationException;
    }

    private static void set(String name, Choice choice) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), choice.of(handler));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK lacks the module jdk.unsupported, or the signal " + name, e);
        }
    }
}
