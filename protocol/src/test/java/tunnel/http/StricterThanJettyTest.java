package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What Jetty's parser refuses at its strictest, ours refuses too.
class StricterThanJettyTest {
    private static final int MUTANTS = 30_000;

    /// What Jetty refuses and we do not, since the RFC has us take it: a minor version above 1 is read as 1 (RFC 9110,
    /// section 2.5).
    private static boolean isAllowed(byte[] request) {
        String line = new String(request, ISO_8859_1).stripLeading().lines().findFirst().orElse("");
        return line.matches("(?s).* HTTP/1\\.[2-9]");
    }

    /// What Jetty says of a request.
    private static final class Jetty implements HttpParser.RequestHandler {
        private boolean complete;
        private boolean bad;

        static Jetty read(byte[] request) {
            Jetty handler = new Jetty();
            HttpParser parser = new HttpParser(handler, 64 << 10, HttpCompliance.STRICT);
            ByteBuffer bytes = ByteBuffer.wrap(request);
            for (int i = 0; i < 1000 && !handler.complete && !handler.bad && bytes.hasRemaining(); i++) {
                parser.parseNext(bytes);
            }
            return handler;
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {}

        @Override
        public void parsedHeader(HttpField field) {}

        @Override
        public boolean headerComplete() {
            return false;
        }

        @Override
        public boolean content(ByteBuffer item) {
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            complete = true;
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            bad = true;
        }

        @Override
        public void earlyEOF() {
            bad = true;
        }
    }

    /// Whether we take all of it for one good message or the beginning of one; null where not.
    private static @Nullable RequestHead accepted(byte[] request) {
        RequestHead head = new RequestHead();
        head.begin(0);
        try {
            int end = head.read(ByteBuffer.wrap(request), request.length);
            if (end >= 0 && head.framing() == Framing.CHUNKED) {
                ByteBuffer in = ByteBuffer.wrap(request).position(end);
                var _ = new ChunkedBody().read(in, ByteBuffer.allocate(request.length));
            }
            return end < 0 ? null : head;
        } catch (BadMessageException e) {
            return null;
        }
    }

    private static void check(byte[] request, List<String> wrong) {
        RequestHead ours = accepted(request);
        if (ours != null && Jetty.read(request).bad && !isAllowed(request)) {
            wrong.add(new String(request, ISO_8859_1));
        }
    }

    private static List<String> seeds() {
        List<String> seeds = new ArrayList<>(RequestHeadTest.good());
        RequestHeadTest.broken().forEach(one -> seeds.add((String) one.get()[1]));
        String chunked = Heads.with("Transfer-Encoding: chunked");
        ChunkedBodyTest.broken().forEach(one -> seeds.add(chunked + one.get()[1]));
        seeds.add(chunked + "5\r\nhello\r\n0\r\nA: b\r\n\r\n");
        seeds.add(Heads.with("Content-Length: 5") + "hello");
        return seeds;
    }

    @Test
    void corpusIsRefusedWhereJettyRefuses() {
        List<String> wrong = new ArrayList<>();
        seeds().forEach(seed -> check(seed.getBytes(ISO_8859_1), wrong));
        assertThat(wrong).isEmpty();
    }

    @Test
    void mutantsAreRefusedWhereJettyRefuses() {
        Random random = new Random(20);
        List<String> seeds = seeds().stream().filter(seed -> seed.length() < 1000).toList();
        List<String> wrong = new ArrayList<>();
        byte[] odd = "\r\n\t \0:;,_#?/@\u007f\u0080\u00ff+-x0159aAhH\"\\".getBytes(ISO_8859_1);
        Stream.generate(() -> mutant(seeds.get(random.nextInt(seeds.size())).getBytes(ISO_8859_1), random, odd))
                .limit(MUTANTS)
                .forEach(mutant -> check(mutant, wrong));
        assertThat(wrong).isEmpty();
    }

    private static byte[] mutant(byte[] seed, Random random, byte[] odd) {
        byte[] mutant = seed.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(mutant.length);
            byte with = odd[random.nextInt(odd.length)];
            switch (random.nextInt(3)) {
                case 0 -> mutant[at] = with;
                case 1 -> {
                    byte[] longer = new byte[mutant.length + 1];
                    System.arraycopy(mutant, 0, longer, 0, at);
                    longer[at] = with;
                    System.arraycopy(mutant, at, longer, at + 1, mutant.length - at);
                    mutant = longer;
                }
                default -> {
                    byte[] shorter = new byte[Math.max(1, mutant.length - 1)];
                    System.arraycopy(mutant, 0, shorter, 0, Math.min(at, shorter.length));
                    if (at < shorter.length) {
                        System.arraycopy(mutant, at + 1, shorter, at, shorter.length - at);
                    }
                    mutant = shorter;
                }
            }
        }
        return mutant;
    }
}
