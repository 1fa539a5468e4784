package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.net.Addresses;
import tunnel.server.PublicSettings;
import tunnel.server.ServerSettings;
import tunnel.server.TunnelServer;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.Limits;

/// Every request of the table is refused as it says, and the local service sees what the edge has logged, nothing else.
@ExtendWith(LeakCheck.class)
class HostileRequestsTest {
    private static final String HOST = "blue-otter.localhost";
    private static final Pattern ID = Pattern.compile("\"tunnel\":\"blue-otter\",\"request_id\":\"([^\"]+)\"");

    @TempDir
    private Path folder;

    private TunnelServer server(World world, Path log) throws Exception {
        return world.closing(TunnelServer.start(new ServerSettings(
                "localhost",
                Addresses.loopback(),
                0,
                0,
                world.ports(),
                world.stateDirectory(),
                false,
                new PublicSettings(new AccessLog.Settings(true, log, AccessLog.Format.JSON), List.of(), null),
                Limits.DEFAULT,
                false)));
    }

    @Test
    void everyOneIsRefusedAndNothingIsSmuggled() throws Exception {
        List<HostileRequests.Hostile> all = HostileRequests.all();
        assertThat(all).hasSizeGreaterThan(250);
        Path log = folder.resolve("access.log");
        NaiveOrigin origin;
        SoftAssertions softly = new SoftAssertions();
        try (World world = new World()) {
            origin = world.closing(new NaiveOrigin());
            TunnelServer server = server(world, log);
            world.http(server, origin.port(), "blue-otter");
            for (HostileRequests.Hostile one : all) {
                softly.assertThat(refusal(server.httpPort(), one.bytes(HOST))).as(one.name()).isEqualTo(one.status() + " close end");
            }
            assertThat(Visit.byName(server.httpPort(), "blue-otter", "/fine").status()).isEqualTo(200);
        }
        softly.assertAll();

        List<String> seen = origin.values("x-request-id");
        List<String> logged =
                ID.matcher(Files.readString(log)).results().map((MatchResult result) -> result.group(1)).toList();
        assertThat(Files.readAllLines(log)).hasSize(all.size() + 1);
        assertThat(seen).doesNotHaveDuplicates().hasSameSizeAs(origin.heads());
        assertThat(logged).containsAll(seen);
        assertThat(origin.heads()).noneMatch(head -> head.contains("smuggled"));
        assertThat(origin.heads().getLast()).startsWith("GET /fine HTTP/1.1\r\n");
    }

    /// Sends one while its answer is read, which may come before the end.
    private static String refusal(int port, byte[] request) throws Exception {
        try (Peer visitor = Peer.visiting(port)) {
            var _ = visitor.sending(request);
            String answer = new String(visitor.readAll(), ISO_8859_1);
            int head = answer.indexOf("\r\n\r\n");
            boolean closes = answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
            boolean whole = head > 0
                    && (answer.length() == head + 4 + HttpAnswer.length(answer.substring(0, head)) || answer.length() == head + 4);
            return (head > 0 ? answer.substring(9, 12) : answer) + (closes ? " close" : "") + (whole ? " end" : "");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
