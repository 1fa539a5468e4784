package tunnel.chaos;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tunnel.e2e.RawClient;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.Token;

/// Who lies at the control port.
@Chaos
class StrangersIT {
    private static final int REPLAYS = 1000;
    private static final int GUESSES = 10_000;
    private static final int RACERS = 100;
    private static final int BOMBS = 1000;

    @Test
    void lengthsThatArePromised(Table table) throws Exception {
        table.row(
                3,
                "first frames of 16 MiB − 1 and of one byte above the limit, 1,000 times each; the same over TLS 50 times each",
                "server's heap grows < 16 MiB",
                row -> {
                    for (boolean plain : new boolean[] {true, false}) {
                        try (Programs programs = new Programs().javaOptions("")) {
                            Programs.Server server =
                                    plain ? programs.server("--plain", "--access-log", "off") : programs.server("--access-log", "off");
                            Vitals before = Vitals.collected(server.program().pid());
                            int refused = 0;
                            int times = plain ? BOMBS : 50;
                            for (int i = 0; i < times; i++) {
                                for (int length : new int[] {0xFFFFFF, 1025}) {
                                    refused += isRefused(server.controlPort(), plain, length) ? 1 : 0;
                                }
                            }
                            Vitals after = Vitals.collected(server.program().pid());
                            row.require(
                                    refused == 2 * times && after.heap() - before.heap() < 16 << 10,
                                    (plain ? "plain: " : "TLS: ") + refused + " of " + 2 * times + " ended, heap "
                                            + (before.heap() >> 10) + " → " + (after.heap() >> 10) + " MiB, resident "
                                            + (before.rss() >> 10) + " → " + (after.rss() >> 10) + " MiB");
                        }
                    }
                });
    }

    /// `Init`, as long as it says, and a beginning of what was promised.
    private static boolean isRefused(int port, boolean plain, int length) throws IOException {
        byte[] header = {2, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
        if (!plain) {
            try (RawClient client = RawClient.connect(port, false, "127.0.3.2")) {
                client.send(header);
                return client.read() instanceof Frame.Reject;
            } catch (IOException e) {
                return true;
            }
        }
        try (Socket socket = RawClient.silent(port, "127.0.3.2")) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(header);
            socket.getOutputStream().write(new byte[512]);
            var _ = socket.getInputStream().readAllBytes();
            return true;
        } catch (IOException reset) {
            return !(reset instanceof java.net.SocketTimeoutException);
        }
    }

    @Test
    void replaysAndGuesses(Table table) throws Exception {
        table.row(
                7,
                "1,000 replayed handshakes, 10,000 guesses from one address",
                "0 replays accepted; at most 20 guesses a minute checked",
                row -> {
                    try (Programs programs = new Programs().javaOptions("");
                            App app = programs.closing(new App())) {
                        Programs.Server server = programs.server("--access-log", "off");
                        programs.client("--local", "" + app.port(), "--name", "innocent");
                        Token token = JoinString.parse(Programs.joinString(programs.serverState())).token();
                        row.require(replays(server.controlPort(), token) == 0, "0 of 1,000 replays accepted");
                        guess(row, server.controlPort());
                    }
                });
    }

    /// How many are accepted.
    private static int replays(int port, Token token) throws IOException {
        int accepted = 0;
        try (RawClient overheard = RawClient.connect(port, false)) {
            Frame init = Proofs.init(token, overheard.binding(), Bytes.random(32), Options.NONE);
            overheard.send(init);
            overheard.read(Frame.Welcome.class);
            for (int i = 0; i < REPLAYS; i++) { // from where somebody is logged in, so that each is looked at, and from elsewhere
                try (RawClient replaying = RawClient.connect(port, false, i % 2 == 0 ? "127.0.0.1" : "127.0.7.2")) {
                    replaying.send(init);
                    accepted += replaying.read() instanceof Frame.Welcome ? 1 : 0;
                } catch (IOException closedAtOnce) {
                    // that is no welcome
                }
            }
        }
        return accepted;
    }

    private static void guess(Row row, int port) throws IOException {
        long began = System.nanoTime();
        int checked = 0;
        for (int i = 0; i < GUESSES; i++) {
            try (Socket probe = RawClient.silent(port, "127.0.7.3")) {
                probe.setSoTimeout(20);
                if (isClosed(probe)) {
                    continue; // a handshake would only cost the guesser time
                }
            }
            try (RawClient guesser = RawClient.connect(port, false, "127.0.7.3")) {
                guesser.send(Proofs.init(Token.random(), guesser.binding(), Bytes.random(32), Options.NONE));
                checked += guesser.read() instanceof Frame.Reject ? 1 : 0;
            } catch (IOException closedAtOnce) {
                // not checked
            }
        }
        double minutes = (System.nanoTime() - began) / 60e9;
        row.require(checked <= Math.max(6, 20 * minutes), checked + " of 10,000 guesses checked in "
                + Latencies.text(minutes * 60_000));
    }

    private static boolean isClosed(Socket probe) {
        try {
            return probe.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void racersForAName(Table table) throws Exception {
        table.row(
                8,
                "100 clients race for the name of one that is stopped (SIGSTOP), half of them with a foreign token",
                "one owner; a foreign token never wins",
                row -> {
                    try (Programs programs = new Programs().javaOptions("");
                            App app = programs.closing(new App())) {
                        Programs.Server server = programs.server("--access-log", "off");
                        RunningProgram holder = programs.client("--local", "" + app.port(), "--name", "raced");
                        RunningProgram add = programs.start("tunnel-server", "token", "add", "foreign", "--names", "*");
                        Token foreign = JoinString.parse(add.awaitOut("^(tunnel://\\S+)").group(1)).token();
                        Token own = JoinString.parse(Programs.joinString(programs.serverState())).token();
                        race(row, server.controlPort(), own, foreign, holder);
                    }
                });
    }

    private static void race(Row row, int port, Token own, Token foreign, RunningProgram holder) throws Exception {
        List<RawClient> racers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RACERS; i++) {
                RawClient racer = RawClient.connect(port, false);
                racers.add(racer);
                racer.login(i % 2 == 0 ? own : foreign);
            }
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> won = racers.stream()
                    .map(racer -> threads.submit(() -> {
                        start.await();
                        racer.askFor(1, "raced");
                        return racer.tunnelAnswer() instanceof Frame.Assigned;
                    }))
                    .toList();
            holder.signal("STOP");
            start.countDown();
            int owners = 0;
            int foreigners = 0;
            for (int i = 0; i < RACERS; i++) {
                boolean assigned = won.get(i).get();
                owners += assigned && i % 2 == 0 ? 1 : 0;
                foreigners += assigned && i % 2 == 1 ? 1 : 0;
            }
            holder.signal("CONT");
            row.require(owners == 1 && foreigners == 0, owners + " owner, " + foreigners + " of the foreign token");
        } finally {
            racers.forEach(RawClient::close);
        }
    }
}
