package tunnel.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// The signals that ask a program to stop. A shutdown hook hears of the first one alone; the JDK's one way to hear of the next is
/// `sun.misc.Signal` (module jdk.unsupported), which javac cannot name without a warning.
final class Signals {
    private static final List<String> STOP = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /// Runs `action` at each of them, on a thread of the JVM's, which must not be kept. One that whoever started the program has
    /// told it to ignore stays ignored.
    static void handle(Runnable action) {
        InvocationHandler calls = (_, method, _) -> {
            if (method.getName().equals("handle")) {
                action.run();
            }
            return null;
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
            for (String name : STOP) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK lacks the module jdk.unsupported", e);
        }
    }
}
