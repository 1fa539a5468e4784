package tunnel.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    /// How a hostile request comes.
    enum Way {
        ALONE,
        /// behind a good request on the same connection, in one write
        BEHIND_A_GOOD_ONE,
        /// each byte in a write of its own
        BYTE_BY_BYTE;

        private byte[] bytes(byte[] hostile) {
            byte[] good = (this == BEHIND_A_GOOD_ONE ? HttpAnswer.get(HOST, "/good") : "").getBytes(ISO_8859_1);
            byte[] all = Arrays.copyOf(good, good.length + hostile.length);
            System.arraycopy(hostile, 0, all, good.length, hostile.length);
            return all;
        }

        /// A sample, where it takes long.
        private List<HostileRequests.Hostile> of(List<HostileRequests.Hostile> all) {
            return this != BYTE_BY_BYTE
                    ? all
                    : all.stream().filter(one -> one.raw().length() < 300 && one.name().hashCode() % 3 == 0).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOneIsRefusedAndNothingIsSmuggled(Way way) throws Exception {
        List<HostileRequests.Hostile> all = way.of(HostileRequests.all());
        assertThat(all).hasSizeGreaterThan(way == Way.BYTE_BY_BYTE ? 50 : 250);
        int requests = way == Way.BEHIND_A_GOOD_ONE ? 2 * all.size() : all.size();
        Path log = folder.resolve(way + ".log");
        NaiveOrigin origin;
        SoftAssertions softly = new SoftAssertions();
        try (World world = new World()) {
            origin = world.closing(new NaiveOrigin());
            TunnelServer server = server(world, log);
            world.http(server, origin.port(), "blue-otter");
            for (HostileRequests.Hostile one : all) {
                softly.assertThat(refusal(server.httpPort(), way, one.bytes(HOST)))
                        .as(one.name())
                        .isEqualTo(one.status() + " close end");
            }
            assertThat(Visit.byName(server.httpPort(), "blue-otter", "/fine").status()).isEqualTo(200);
        }
        softly.assertAll();

        List<String> seen = origin.values("x-request-id");
        List<String> logged =
                ID.matcher(Files.readString(log)).results().map((MatchResult result) -> result.group(1)).toList();
        assertThat(Files.readAllLines(log)).hasSize(requests + 1);
        assertThat(seen).doesNotHaveDuplicates().hasSameSizeAs(origin.heads());
        assertThat(logged).containsAll(seen);
        assertThat(origin.heads()).noneMatch(head -> head.contains("smuggled"));
        assertThat(origin.heads().getLast()).startsWith("GET /fine HTTP/1.1\r\n");
    }

    /// Sends one while its answer is read, which may come before the end.
    private static String refusal(int port, Way way, byte[] request) throws Exception {
        try (Peer visitor = Peer.visiting(port)) {
            if (way == Way.BYTE_BY_BYTE) {
                drip(visitor, request);
            } else {
                var _ = visitor.sending(way.bytes(request));
            }
            if (way == Way.BEHIND_A_GOOD_ONE) {
                assertThat(HttpAnswer.read(visitor).text()).isEqualTo(HOST + " GET /good HTTP/1.1");
            }
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

    private static void drip(Peer visitor, byte[] request) {
        Thread.ofVirtual().name("peer-drips").start(() -> {
            try {
                for (byte one : request) {
                    visitor.send(new byte[] {one});
                }
            } catch (IOException e) {
                // refused before its end
            }
        });
    }
}
