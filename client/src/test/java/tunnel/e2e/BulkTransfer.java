package tunnel.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// A whole world with one visitor, who downloads a GiB through TLS and then uploads one. What arrives is hashed as it comes.
final class BulkTransfer {
    /// Said at the end where all was as it should be.
    static final String RIGHT = "both are right";

    private static final long TOTAL = 1L << 30;
    private static final int CHUNK = 64 << 10;

    private BulkTransfer() {}

    public static void main(String[] arguments) throws Exception {
        String expected = sha256(new Pattern());
        CompletableFuture<String> uploaded = new CompletableFuture<>();
        try (World world = new World();
                Origin origin = Origin.serving(visitor -> {
                    if (visitor.read() == 'D') {
                        send(visitor);
                    } else {
                        uploaded.complete(sha256(visitor::read));
                    }
                })) {
            World.Client client = world.tcp(world.server(), origin.port());
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("D");
                check("download", expected, sha256(visitor::read));
            }
            try (Peer visitor = Peer.visiting(client.port())) {
                visitor.send("U");
                send(visitor);
                check("upload", expected, uploaded.get());
            }
        }
        System.out.println(RIGHT);
    }

    private static void check(String what, String expected, String actual) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException(what + " has SHA-256 " + actual + ", not " + expected);
        }
    }

    private static void send(Peer peer) throws IOException {
        Pattern pattern = new Pattern();
        byte[] chunk = new byte[CHUNK];
        for (int read = pattern.read(chunk); read >= 0; read = pattern.read(chunk)) {
            peer.send(chunk, 0, read);
        }
        peer.end();
    }

    /// Where bytes come from.
    private interface Bytes {
        int read(byte[] into) throws IOException;
    }

    /// A GiB in which no two chunks are the same.
    private static final class Pattern implements Bytes {
        private final byte[] noise = new byte[CHUNK];
        private long chunks;

        Pattern() {
            new Random(7).nextBytes(noise);
        }

        @Override
        public int read(byte[] into) {
            if (chunks * CHUNK == TOTAL) {
                return -1;
            }
            System.arraycopy(noise, 0, into, 0, CHUNK);
            ByteBuffer.wrap(into).putLong(chunks++);
            return CHUNK;
        }
    }

    private static String sha256(Bytes bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
            digest.update(chunk, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
