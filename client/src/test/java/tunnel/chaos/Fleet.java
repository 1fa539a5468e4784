package tunnel.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tunnel.cli.RefusedException;
import tunnel.client.ClientSettings;
import tunnel.client.Console;
import tunnel.client.TunnelClient;
import tunnel.net.HostPort;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// Many clients in one process, which many JVMs would be too much for: `c0`, `c1` and so on. A program of its own, so that it
/// and the server do not share their processor time with the test's.
final class Fleet {
    private Fleet() {}

    /// Starts a process of them.
    static RunningProgram start(Programs programs, Path joinFile, int count, int localPort) throws IOException {
        return programs.closing(new RunningProgram(new ProcessBuilder(
                Classes.java(Fleet.class, joinFile.toString(), "" + count, "" + localPort))));
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        JoinString join = JoinString.parse(Files.readString(Path.of(arguments[0])));
        int count = Integer.parseInt(arguments[1]);
        int localPort = Integer.parseInt(arguments[2]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "c" + i;
            Console console = new Console(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
            TunnelClient client = new TunnelClient(
                    new ClientSettings(
                            join,
                            false,
                            new ClientSettings.Wish(new HostPort("localhost", localPort), TunnelProtocol.HTTP, name, 0)),
                    console);
            threads.add(Thread.ofVirtual().start(() -> run(client, name)));
            Thread.sleep(5); // a start that is not what is measured
        }
        System.out.println("started");
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void run(TunnelClient client, String name) {
        try {
            client.run();
        } catch (RefusedException | IOException e) {
            System.out.println(name + " ended: " + e.getMessage());
        }
    }
}
