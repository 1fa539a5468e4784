package tunnel.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tunnel.fixture.ClosedPort;
import tunnel.programs.Programs;

/// A local service that refuses, stalls, resets, or breaks off anywhere.
@Chaos
class ServiceFaultsIT {
    private static final int EXCHANGES = 1000;

    @Test
    void nothingLooksWholeThatIsNot(Table table) throws Exception {
        table.row(
                17,
                "local service refuses, stalls, resets, breaks off: 1,000 times at random",
                "0 responses that look complete and are not",
                row -> {
                    try (Programs programs = new Programs().javaOptions("");
                            BadApp app = programs.closing(new BadApp());
                            ClosedPort nobody = new ClosedPort()) {
                        Programs.Server server = programs.server("--access-log", "off");
                        programs.client("--local", "" + app.port(), "--name", "bad", "--response-timeout", "1s");
                        programs.client("--local", "" + nobody.number(), "--name", "nobody");
                        Map<String, Integer> outcomes = new TreeMap<>();
                        Random random = new Random(17);
                        int lies = 0;
                        for (int i = 0; i < EXCHANGES; i++) {
                            Fault fault = i % 200 == 0 ? Fault.STALL : Fault.ANY[random.nextInt(Fault.ANY.length)];
                            boolean refused = i % 50 == 1;
                            String path = "/" + fault + "/" + random.nextInt(40_000) + "/" + random.nextBoolean();
                            String outcome = visit(server.httpPort(), refused ? "nobody.localhost" : "bad.localhost", path);
                            String kind = refused ? "REFUSE" : fault.name();
                            outcomes.merge(kind + " " + outcome, 1, Integer::sum);
                            boolean right = refused
                                    ? outcome.equals("502")
                                    : switch (fault) {
                                        case WHOLE -> outcome.equals("whole");
                                        case STALL -> outcome.equals("504");
                                        case RESET_BEFORE -> outcome.equals("502");
                                        case RESET_WITHIN, CUT -> outcome.equals("broken") || outcome.equals("502");
                                    };
                            lies += right ? 0 : 1;
                        }
                        row.require(lies == 0, lies + " wrong of " + EXCHANGES + ": " + outcomes);
                    }
                });
    }

    private enum Fault {
        WHOLE,
        STALL,
        RESET_BEFORE,
        RESET_WITHIN,
        CUT;

        static final Fault[] ANY = {WHOLE, RESET_BEFORE, RESET_WITHIN, CUT};
    }

    /// `whole`, where the response is complete by its own framing and what was to be sent, `a lie` where it is complete and
    /// something else, `broken`, or the status of an error page.
    private static String visit(int port, String host, String path) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
            return judge(readAll(socket.getInputStream()), path);
        } catch (IOException e) {
            return "broken";
        }
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toString(ISO_8859_1);
    }

    private static String judge(String response, String path) {
        int head = response.indexOf("\r\n\r\n") + 4;
        if (head < 4) {
            return "broken";
        }
        int status = Integer.parseInt(response.substring(9, 12));
        if (status != 200) {
            return "" + status;
        }
        String body = response.substring(head);
        boolean chunked = response.substring(0, head).toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
        if (chunked) {
            if (!body.endsWith("0\r\n\r\n")) {
                return "broken";
            }
            body = unchunked(body);
        } else {
            int length = Integer.parseInt(response.substring(0, head).replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            if (body.length() < length) {
                return "broken";
            }
        }
        return body.length() == BadApp.size(path) && body.matches("x*") ? "whole" : "a lie";
    }

    private static String unchunked(String body) {
        StringBuilder all = new StringBuilder();
        int at = 0;
        while (true) {
            int line = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, line), 16);
            if (size == 0) {
                return all.toString();
            }
            all.append(body, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    /// Does what the path says.
    private static final class BadApp implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));

        BadApp() throws IOException {
            Thread.ofVirtual().name("bad-app").start(() -> {
                try {
                    while (true) {
                        Socket socket = listener.accept();
                        Thread.ofVirtual().start(() -> serve(socket));
                    }
                } catch (IOException e) {
                    // closed
                }
            });
        }

        static int size(String path) {
            return Integer.parseInt(path.split("/", -1)[2]);
        }

        private static void serve(Socket socket) {
            try (socket) {
                byte[] buffer = new byte[8192];
                int read = socket.getInputStream().read(buffer);
                while (read > 0) {
                    String path = new String(buffer, 0, read, ISO_8859_1).split(" ", 3)[1];
                    answer(socket, path);
                    read = socket.getInputStream().read(buffer);
                }
            } catch (IOException e) {
                // gone
            }
        }

        private static void answer(Socket socket, String path) throws IOException {
            Fault fault = Fault.valueOf(path.split("/", -1)[1]);
            boolean chunked = path.endsWith("true");
            String body = "x".repeat(size(path));
            String whole = "HTTP/1.1 200 OK\r\n"
                    + (chunked
                            ? "Transfer-Encoding: chunked\r\n\r\n"
                                    + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n") + "0\r\n\r\n"
                            : "Content-Length: " + body.length() + "\r\n\r\n" + body);
            switch (fault) {
                case WHOLE -> socket.getOutputStream().write(whole.getBytes(ISO_8859_1));
                case STALL -> {
                    var _ = socket.getInputStream().read();
                }
                case RESET_BEFORE -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
                case RESET_WITHIN -> {
                    socket.getOutputStream().write(part(whole));
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
                case CUT -> {
                    socket.getOutputStream().write(part(whole));
                    socket.close();
                }
            }
        }

        /// All but the last byte, or less.
        private static byte[] part(String whole) {
            int length = whole.hashCode() % 2 == 0 ? whole.length() - 1 : whole.length() / 2;
            return whole.substring(0, length).getBytes(ISO_8859_1);
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
