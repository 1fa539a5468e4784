package tunnel.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;

/// A local service that takes and gives as many bytes as it is asked to, none of them the same for long.
final class BulkApp implements AutoCloseable {
    private static final int BLOCK = 64 << 10;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    BulkApp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/up", BulkApp::take);
        server.createContext("/down/", BulkApp::give);
        server.start();
    }

    /// Says how many bytes came and their checksum.
    private static void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] answer = summary(exchange.getRequestBody()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static void give(HttpExchange exchange) throws IOException {
        long length = Long.parseLong(exchange.getRequestURI().getPath().substring("/down/".length()));
        try (exchange) {
            exchange.sendResponseHeaders(200, length);
            try (InputStream bytes = bytes(length)) {
                bytes.transferTo(exchange.getResponseBody());
            }
        }
    }

    /// Bytes to send; a multiple of 64 KiB.
    static InputStream bytes(long length) {
        return new InputStream() {
            private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
            private long given;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int most) {
                if (!block.hasRemaining()) {
                    if (given == length) {
                        return -1;
                    }
                    block.clear().putLong(0, given).putLong(BLOCK / 2, given * 31);
                    given += BLOCK;
                }
                int part = Math.min(most, block.remaining());
                block.get(into, from, part);
                return part;
            }
        };
    }

    /// How many bytes there are, and their checksum.
    static String summary(InputStream bytes) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] buffer = new byte[BLOCK];
        long length = 0;
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            sum.update(buffer, 0, read);
            length += read;
        }
        return length + " bytes, " + Long.toHexString(sum.getValue());
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
