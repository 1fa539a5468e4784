package tunnel.wrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tunnel.cli.Terminal;

/// Whether this process is what a terminal has in front: Ctrl-C and a terminal that is closed then reach all of its process
/// group, the wrapped command too.
final class Foreground {
    // of /proc/PID/stat, proc_pid_stat(5), counted behind the program's name, which may have anything in it
    private static final int GROUP = 2;
    private static final int TERMINAL = 4;
    private static final int TERMINALS_GROUP = 5;

    private Foreground() {}

    static boolean isThis() {
        try {
            return isIn(Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) { // not on Linux
            return Terminal.console() != null;
        }
    }

    static boolean isIn(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return !fields[TERMINAL].equals("0") && fields[GROUP].equals(fields[TERMINALS_GROUP]);
    }
}
