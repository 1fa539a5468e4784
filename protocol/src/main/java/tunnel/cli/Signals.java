package tunnel.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/// The signals that ask a program to stop. A shutdown hook hears of the first one alone; the JDK's one way to hear of the next is
/// `sun.misc.Signal` (module jdk.unsupported), which javac cannot name without a warning.
final class Signals {
    private static final List<String> STOP = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /// Gives each of them to `action` by its name, as in `TERM`, on a thread of the JVM's, which must not be kept. One that whoever
    /// started the program has told it to ignore stays ignored.
    static void handle(Consumer<String> action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (String name : STOP) {
                InvocationHandler calls = (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        action.accept(name);
                    }
                    return null;
                };
                Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK lacks the module jdk.unsupported", e);
        }
    }
}
