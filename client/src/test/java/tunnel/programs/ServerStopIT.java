package tunnel.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a server ends, what is free then, and that its client comes back.
class ServerStopIT {
    private static final Duration SOON = Duration.ofSeconds(10); // a JVM's end on a busy machine included; visitors have 30 s
    private static final Duration BACK = Duration.ofSeconds(5);

    private Programs programs;
    private LocalApp app;

    @BeforeEach
    void open() throws Exception {
        programs = new Programs();
        app = programs.closing(new LocalApp());
    }

    @AfterEach
    void close() throws Exception {
        programs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSecondSignalEndsItInTheMiddleOfAVisitAndFreesItsPorts(String signal) throws Exception {
        Programs.Server server = programs.server();
        RunningProgram client = programs.client("--local", "" + app.port(), "--name", "kept");
        int port = Integer.parseInt(client.awaitOut("http://localhost:(\\d+) ").group(1));
        try (Visit visit = new Visit(server.httpPort(), "kept.localhost", "/slow");
                Visit byPort = new Visit(port, "localhost", "/slow")) {
            visit.awaitLine("the first half");
            byPort.awaitLine("the first half");
            server.program().signal(signal);
            server.program().awaitErr("waiting up to 30 s for visitors' connections to end: 2");
            assertThat(server.program().isAlive()).isTrue();
            server.program().signal(signal);
            assertThat(server.program().exitCode(SOON)).isZero();
        }
        for (int each : List.of(server.controlPort(), server.httpPort(), port)) {
            new ServerSocket(each).close(); // throws where it is not free
        }
        assertThat(client.isAlive()).isTrue();
    }

    @Test
    void aVisitUnderWayIsAnsweredInFullBeforeItEnds() throws Exception {
        Programs.Server server = programs.server();
        programs.client("--local", "" + app.port(), "--name", "kept");
        try (Visit visit = new Visit(server.httpPort(), "kept.localhost", "/slow")) {
            visit.awaitLine("the first half");
            server.program().signal("TERM");
            server.program().awaitErr("waiting up to 30 s for visitors' connections to end: 1");
            app.finish();
            visit.awaitLine("the second half");
        }
        assertThat(server.program().exitCode(SOON)).isZero();
    }

    @Test
    void whatTakesLongerThanItMayIsCutOff() throws Exception {
        Programs.Server server = programs.server("--drain", "300ms");
        programs.client("--local", "" + app.port(), "--name", "kept");
        try (Visit visit = new Visit(server.httpPort(), "kept.localhost", "/slow")) {
            visit.awaitLine("the first half");
            server.program().signal("TERM");
            assertThat(server.program().exitCode(SOON)).isZero();
            server.program().awaitErr("visitors' connections that have not ended in 0 s and are cut off: 1");
        }
    }

    @Test
    void anotherServerTakesItsPlaceAndItEndsWhenItsVisitorsAreServed() throws Exception {
        Programs.Server server = programs.server();
        RunningProgram client = programs.client("--local", "" + app.port(), "--name", "kept");
        try (Visit visit = new Visit(server.httpPort(), "kept.localhost", "/slow")) {
            visit.awaitLine("the first half");
            Programs.Server next = programs.server("--take-over");
            assertThat(next.httpPort()).isEqualTo(server.httpPort());
            server.program().awaitErr("another server has taken over");
            assertThat(Visit.get(next.httpPort(), "kept.localhost", "/")).startsWith("HTTP/1.1 200 OK");
            assertThat(server.program().isAlive()).isTrue();
            app.finish();
            visit.awaitLine("the second half");
        }
        assertThat(server.program().exitCode(SOON)).isZero();
        assertThat(Visit.get(server.httpPort(), "kept.localhost", "/")).startsWith("HTTP/1.1 200 OK");
        assertThat(client.isAlive()).isTrue();
    }

    @Test
    void oneThatWasKilledAndStartedAgainHasItsClientBackUnderTheSameNameWithin5Seconds() throws Exception {
        Programs.Server server = programs.server();
        RunningProgram client = programs.client("--local", "" + app.port());
        String name = client.awaitOut("//([^.]+)\\.localhost").group(1);
        List<String> printed = client.out();
        server.program().kill();
        client.awaitErr("Reconnecting$");

        Programs.Server again =
                programs.server("--control-port", "" + server.controlPort(), "--http-port", "" + server.httpPort());
        long listens = System.nanoTime();
        again.program().awaitErr("tunnel " + name + " is ready");
        client.awaitErr("connected again");
        assertThat(Duration.ofNanos(System.nanoTime() - listens)).isLessThan(BACK);

        assertThat(Visit.get(server.httpPort(), name + ".localhost", "/")).startsWith("HTTP/1.1 200 OK");
        client.signal("TERM");
        assertThat(client.exitCode(SOON)).isZero();
        assertThat(client.out()).as("nothing new").isEqualTo(printed);
    }
}
