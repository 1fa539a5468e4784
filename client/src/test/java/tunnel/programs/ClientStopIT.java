package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a client ends, and that its name is free then.
class ClientStopIT {
    private static Programs programs;
    private static LocalApp app;
    private static Programs.Server server;

    @BeforeAll
    static void startServer() throws Exception {
        programs = new Programs();
        app = programs.closing(new LocalApp());
        server = programs.server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        programs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItInTheMiddleOfAVisitAndFreesItsName(String signal) throws Exception {
        RunningProgram client = client();
        try (Visit visit = new Visit(server.httpPort(), "kept.localhost", "/slow")) {
            visit.awaitLine("the first half");
            client.signal(signal);
            assertThat(client.exitCode(Duration.ofSeconds(2))).isZero();
        }
        assertThatTheNextGetsTheName();
    }

    @Test
    void oneThatWasKilledLeavesItsNameFreeForTheNext() throws Exception {
        client().kill();

        assertThatTheNextGetsTheName();
    }

    private static void assertThatTheNextGetsTheName() throws Exception {
        try (RunningProgram _ = client()) {
            assertThat(Visit.get(server.httpPort(), "kept.localhost", "/")).startsWith("HTTP/1.1 200 OK");
        }
    }

    private static RunningProgram client() throws Exception {
        return programs.client("--local", "" + app.port(), "--name", "kept");
    }
}
