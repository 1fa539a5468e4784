package tunnel.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs that are made of the tests' classes.
final class Classes {
    private Classes() {}

    /// How one is started.
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
