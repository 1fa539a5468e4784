package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tunnel.fixture.AnyServer;

/// The server as it is started, where no build has set for it how many tickets it gives away.
class ResumptionIT {
    private Programs programs;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    @Test
    void oneHandshakeBringsTicketsForFourMore() throws Exception {
        Programs.Server server = programs.server();
        AnyServer trust = new AnyServer();
        SSLContext tls = trust.tls();

        try (SSLSocket first = connect(tls, server)) {
            first.shutdownOutput();
            assertThat(first.getInputStream().read()).as("the tickets come before the end").isEqualTo(-1);
        }
        for (int i = 0; i < 4; i++) {
            connect(tls, server).close(); // and leaves the tickets that it brings unread
        }
        assertThat(trust.asked()).isEqualTo(1);
    }

    private static SSLSocket connect(SSLContext tls, Programs.Server server) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", server.controlPort());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }
}
