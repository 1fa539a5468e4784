package tunnel.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LoopbackPair;
import tunnel.http.BadMessageException;
import tunnel.http.RequestHead;
import tunnel.http.Rule;
import tunnel.net.Resources;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;
import tunnel.server.registry.NoRoute;

/// Several threads may find at once that there will be no response, or no more of it.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ExchangeTest {
    private final Resources resources = new Resources();
    private final HttpEdge edge =
            new HttpEdge(Limits.DEFAULT, resources, new Visits(AccessLog.OFF, TrustedProxies.NONE));

    @AfterEach
    void close() {
        resources.close();
    }

    private Exchange exchange(LoopbackPair pair) throws Exception {
        byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
        RequestHead head = new RequestHead();
        head.begin(0);
        assertThat(head.read(ByteBuffer.wrap(request), request.length)).isEqualTo(request.length);
        HttpVisitor visitor = new HttpVisitor(pair.near(), edge, _ -> NoRoute.UNKNOWN);
        return new Exchange(visitor, Request.of(head, "id", "127.0.0.1", true));
    }

    @Test
    void pageThatAnotherThreadIsAboutToSendGoesOut() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            Exchange exchange = exchange(pair);
            assertThat(exchange.claimForEdge(504)).isTrue();

            exchange.fail(ErrorPage.LOCAL_LOST);
            exchange.refuse(new BadMessageException(Rule.TRUNCATED));

            assertThat(pair.near().isOpen()).isTrue();
            assertThat(exchange.isOver()).as("before it is out").isFalse();
        }
    }

    @Test
    void responseThatAnotherThreadHasBegunIsBrokenOff() throws Exception {
        try (LoopbackPair pair = LoopbackPair.open()) {
            Exchange exchange = exchange(pair);
            assertThat(exchange.claim(200)).isTrue();

            exchange.fail(ErrorPage.LOCAL_LOST);

            assertThat(pair.near().isOpen()).isFalse();
            assertThat(exchange.isOver()).isTrue();
        }
    }
}
