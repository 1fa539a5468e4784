package tunnel.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.StreamOutput;

/// Recognises that a dev server refuses the public host, and says once what helps. It only looks at what passes: each piece
/// that begins like a response costs a comparison of 8 bytes, and only an answer that could be a refusal is searched, in its
/// first 4 KiB.
public final class HostRefusals {
    private static final Logger log = LoggerFactory.getLogger(HostRefusals.class);

    private static final long HTTP_1_0 = 0x485454502F312E30L; // "HTTP/1.0"
    private static final long HTTP_1_1 = 0x485454502F312E31L;
    private static final int STATUS_END = "HTTP/1.1 403".length();
    private static final int MOST = 4 << 10;
    /// All that old versions of webpack-dev-server answer, with status 200.
    private static final byte[] WEBPACK = "invalid host header".getBytes(US_ASCII);

    private static final List<byte[]> SIGNS = signs(
            "blocked request. this host", // Vite, and what is built on it: Angular, Astro, Nuxt, SvelteKit
            "invalid host header", // webpack-dev-server, older Angular and Vue, Create React App; Starlette
            "blocked host", // Rails
            "disallowedhost", // Django, with DEBUG
            "invalid http_host header",
            "untrusted host", // Symfony
            "blocking request with non-local 'host'", // Jupyter
            "invalid hostname"); // ASP.NET Core

    private final Local local;
    private final Supplier<String> host;
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param local the service whose answers these are
    /// @param host under which visitors reach it, asked for when it has to be shown
    public HostRefusals(Local local, Supplier<String> host) {
        this.local = local;
        this.host = host;
    }

    private static List<byte[]> signs(String... signs) {
        return List.of(signs).stream().map(sign -> sign.getBytes(US_ASCII)).toList();
    }

    /// The stream itself, watched until something was said.
    public StreamOutput watching(StreamOutput stream) {
        return told.get() ? stream : new Watched(stream);
    }

    private void found() {
        if (told.compareAndSet(false, true)) {
            log.warn("{} refuses the host {}: restart tunnel-client with --host-header rewrite", local, host.get());
        }
    }

    /// One connection's answers. By the thread that sends them.
    private final class Watched implements StreamOutput {
        private final StreamOutput stream;
        private int left; // bytes of the present answer that are still to be searched

        Watched(StreamOutput stream) {
            this.stream = stream;
        }

        @Override
        public void send(ByteBuffer data) throws IOException {
            look(data);
            stream.send(data);
        }

        /// `data` is left as it is.
        private void look(ByteBuffer data) {
            int start = data.position();
            int length = data.remaining();
            if (length >= STATUS_END) {
                long begin = data.getLong(start);
                if (begin == HTTP_1_1 || begin == HTTP_1_0) {
                    left = worthReading(data, start);
                    if (isWebpacks(data, start, start + length)) {
                        found();
                    }
                }
            }
            if (left > 0) {
                int end = start + Math.min(left, length);
                left -= end - start;
                if (!told.get() && SIGNS.stream().anyMatch(sign -> contains(data, start, end, sign))) {
                    found();
                }
            }
        }

        private static int worthReading(ByteBuffer data, int start) {
            int status = (data.get(start + 9) - '0') * 100 + (data.get(start + 10) - '0') * 10 + data.get(start + 11) - '0';
            return status == 400 || status == 403 ? MOST : 0;
        }

        private static boolean isWebpacks(ByteBuffer data, int start, int end) {
            return data.get(start + 9) == '2' && end - start > WEBPACK.length && contains(data, end - WEBPACK.length, end, WEBPACK);
        }

        @Override
        public void end() throws IOException {
            stream.end();
        }

        @Override
        public void sendLast(ByteBuffer data) throws IOException {
            look(data);
            stream.sendLast(data);
        }

        @Override
        public void cutOff() {
            stream.cutOff();
        }

        @Override
        public void reset() {
            stream.reset();
        }
    }

    /// Whether the bytes are there, in small or capital letters.
    private static boolean contains(ByteBuffer data, int start, int end, byte[] sign) {
        for (int i = start; i <= end - sign.length; i++) {
            int same = 0;
            while (same < sign.length && lower(data.get(i + same)) == sign[same]) {
                same++;
            }
            if (same == sign.length) {
                return true;
            }
        }
        return false;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }
}
