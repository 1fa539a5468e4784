package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.http.RequestHead;
import tunnel.net.Resources;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.NoRoute;

/// Several threads may find at once that there will be no response.
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ExchangeRaceTest {
    private static final int EXCHANGES = 1500;
    private static final int THREADS = 3;

    private final Resources resources = new Resources();

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void whoComesSecondLeavesThePageOfTheFirstAlone() throws Exception {
        HttpEdge edge = new HttpEdge(Limits.Http.DEFAULT, resources, new Visits(AccessLog.OFF, TrustedProxies.NONE));
        byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
        RequestHead head = new RequestHead();
        head.begin(0);
        assertThat(head.read(ByteBuffer.wrap(request), request.length)).isEqualTo(request.length);

        for (int i = 0; i < EXCHANGES; i++) {
            try (LoopbackPair pair = LoopbackPair.open()) {
                HttpVisitor visitor = new HttpVisitor(pair.near(), edge, _ -> NoRoute.UNKNOWN);
                Exchange exchange = new Exchange(visitor, Request.of(head, "id", "127.0.0.1"));
                failByAll(exchange);
                assertThat(answer(pair)).as("exchange %s", i).startsWith("HTTP/1.1 502 ").endsWith("\n");
            }
        }
    }

    private static void failByAll(Exchange exchange) throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    together.await();
                    exchange.fail(ErrorPage.LOCAL_LOST);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static String answer(LoopbackPair pair) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(8 << 10);
        while (pair.far().read(answer) >= 0) {
            // to the end
        }
        return new String(answer.array(), 0, answer.position(), ISO_8859_1);
    }
}
