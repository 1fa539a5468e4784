package tunnel.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.protocol.JoinString;

/// Who is there in most rows: a server as its users start it, a client whose tunnel `victim` is attacked, and another one whose
/// tunnel `innocent` is not.
record Cast(Programs programs, Programs.Server server, App app, RunningProgram victim, RunningProgram other)
        implements AutoCloseable {
    static final String VICTIM = "victim.localhost";
    static final String INNOCENT = "innocent.localhost";

    /// Starts all, with bounds by address as on a server for the world.
    static Cast start(String... serverOptions) throws IOException {
        Programs programs = new Programs().javaOptions("");
        try {
            List<String> options = new ArrayList<>(List.of(serverOptions));
            options.addAll(List.of("--access-log", "off"));
            if (!options.contains("--max-visitors-per-address")) {
                options.addAll(List.of("--max-visitors-per-address", "256"));
            }
            boolean plain = options.contains("--plain");
            App app = programs.closing(new App());
            Programs.Server server = programs.server(options.toArray(String[]::new));
            return new Cast(programs, server, app, client(programs, app, "victim", plain), client(programs, app, "innocent", plain));
        } catch (IOException | RuntimeException | Error e) {
            programs.close();
            throw e;
        }
    }

    private static RunningProgram client(Programs programs, App app, String name, boolean plain) throws IOException {
        List<String> options = new ArrayList<>(List.of("--local", "" + app.port(), "--name", name));
        if (plain) {
            options.add("--plain");
        }
        return programs.client(options.toArray(String[]::new));
    }

    /// Begins to ask the innocent's tunnel, and waits for the quiet time to pass.
    Innocent innocent() throws IOException {
        return programs.closing(new Innocent(
                new Probe("127.0.0.1", server.httpPort(), INNOCENT), new Probe("127.0.0.1", app.port(), "direct")));
    }

    JoinString join() throws IOException {
        return JoinString.parse(Programs.joinString(programs.serverState()));
    }

    long pid() {
        return server.program().pid();
    }

    @Override
    public void close() throws IOException {
        programs.close();
    }
}
