package tunnel.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The app as a program of its own, where it has to run in another network than the tests.
final class AppProgram {
    private AppProgram() {}

    static ProcessBuilder inside(Namespace namespace) {
        List<String> command = new ArrayList<>(namespace.prefix());
        command.addAll(Classes.java(AppProgram.class));
        return new ProcessBuilder(command);
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (App app = new App()) {
            System.out.println("port " + app.port());
            Thread.currentThread().join(); // until it is killed
        }
    }
}
