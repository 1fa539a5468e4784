package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.home.PrivateFiles;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.JoinString;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.protocol.VersionRange;
import tunnel.server.TunnelServer;
import tunnel.server.registry.Limits;

/// A token that is revoked or has expired ends its sessions, and lets nobody in any more.
@ExtendWith(LeakCheck.class)
class TokenEndTest {
    private static final Instant START = Instant.parse("2026-11-24T03:25:31Z");
    private static final String HOUR = "expires=2026-11-24T04:25:31Z";
    private static final String REVOKED = "the server ended the session for good: this token was revoked. Ask whoever runs the"
            + " server for a new join string";
    private static final Frame.Close EXPIRED = new Frame.Close(CloseCode.REVOKED, "this token has expired");
    private static final Frame.Reject NOT_ACCEPTED =
            new Frame.Reject(0, RejectCode.UNAUTHORIZED, "the token was not accepted");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private TunnelServer server(Limits limits) throws Exception {
        return world.server(limits, now::get);
    }

    private void anHourPasses() {
        now.set(START.plus(Duration.ofHours(1)));
    }

    @Test
    void revokingEndsTheSessionsOfThatTokenWithinASecondAndTheirClientsDoNotComeBack() throws Exception {
        TunnelServer server = server(Limits.DEFAULT); // whose ticker would take 5 s
        CountingOrigin origin = world.closing(new CountingOrigin());
        JoinString shop = Tokens.add(world, "shop", "names=*");
        World.Client first = world.client(shop, true, origin.port(), TunnelProtocol.HTTP, "shop-1").ready();
        World.Client second = world.client(shop, true, origin.port(), TunnelProtocol.HTTP, "shop-2").ready();
        World.Client other = world.client(server.joinString(), true, origin.port(), TunnelProtocol.HTTP, "other").ready();
        assertThat(Visit.byName(server.httpPort(), "shop-1", "/").status()).isEqualTo(200);

        Stopwatch sinceRevoked = new Stopwatch();
        assertThat(Tokens.revoke(world, "shop")).isEqualTo(2);
        Refusals.assertRefused(first, REVOKED);
        Refusals.assertRefused(second, REVOKED);
        assertThat(sinceRevoked.elapsed()).isLessThan(Duration.ofSeconds(3)); // one on a machine that is not busy
        assertThat(Visit.byName(server.httpPort(), "shop-1", "/").status()).as("anybody may have it").isEqualTo(404);
        assertThat(Visit.byName(server.httpPort(), "other", "/").status()).isEqualTo(200);
        assertThat(other.end()).isNotDone();
    }

    @Test
    void aRevokedTokenIsAsUnknownAsAnyOther() throws Exception {
        TunnelServer server = server(Limits.DEFAULT);
        JoinString shop = Tokens.add(world, "shop");
        Tokens.revoke(world, "shop");
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.send(Proofs.init(shop.token(), raw.binding(), Bytes.random(32), Options.NONE));
            assertThat(raw.lastWord()).isEqualTo(NOT_ACCEPTED);
        }
    }

    @Test
    void anExpiredTokenIsNamedSoToWhoProvesToHoldItAlone() throws Exception {
        TunnelServer server = server(Limits.DEFAULT);
        JoinString shop = Tokens.add(world, "shop", HOUR);
        anHourPasses();
        try (RawClient stranger = RawClient.connect(server.controlPort(), true)) {
            stranger.send(new Frame.Init(
                    VersionRange.OURS, shop.token().id(), Bytes.random(32), Options.NONE, Bytes.random(32)));
            assertThat(stranger.lastWord()).isEqualTo(NOT_ACCEPTED);
        }
        Refusals.assertRefused(
                world.client(shop, true, 1, TunnelProtocol.HTTP, ""),
                "the server at " + shop.server() + " refused the connection: this token has expired; ask for a new one");
    }

    @Test
    void aSessionEndsWhenItsTokenExpires() throws Exception {
        server(Quick.limits());
        CountingOrigin origin = world.closing(new CountingOrigin());
        World.Client client =
                world.client(Tokens.add(world, "shop", HOUR), true, origin.port(), TunnelProtocol.HTTP, "").ready();
        anHourPasses();

        Refusals.assertRefused(
                client,
                "the server ended the session for good: this token has expired. Ask whoever runs the server for a new join"
                        + " string");
    }

    @Test
    void whatASessionHadWhoseTokenHasExpiredAnybodyMayHave() throws Exception {
        TunnelServer server = server(Quick.limits());
        CountingOrigin origin = world.closing(new CountingOrigin());
        JoinString shop = Tokens.add(world, "shop", HOUR, "names=*");
        World.Client client = world.client(shop, true, origin.port(), TunnelProtocol.HTTP, "shop-1").ready();
        anHourPasses();
        await().atMost(World.PATIENCE).until(client.end()::isDone);
        await().atMost(World.PATIENCE)
                .until(() -> Visit.byName(server.httpPort(), "shop-1", "/").status() == 404);
    }

    @Test
    void anExpiredTokenBindsNothingMore() throws Exception {
        TunnelServer server = server(Quick.oneIdle()); // whose ticker takes 5 s
        JoinString shop = Tokens.add(world, "shop", HOUR);
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.login(shop.token());
            anHourPasses();
            Stopwatch since = new Stopwatch();
            raw.askFor(1, "");
            assertThat(raw.lastWord()).isEqualTo(EXPIRED);
            assertThat(since.elapsed()).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void anExpiredTokenGetsNoMoreDataChannels() throws Exception {
        TunnelServer server = server(Quick.oneIdle());
        JoinString shop = Tokens.add(world, "shop", HOUR);
        try (RawClient raw = RawClient.connect(server.controlPort(), true);
                RawClient data = RawClient.connect(server.controlPort(), true)) {
            RawClient.Stay stay = raw.login(shop.token());
            anHourPasses();
            data.attach(stay);
            assertThat(data.lastWord())
                    .isEqualTo(new Frame.Reject(0, RejectCode.UNAUTHORIZED, "there is no such session"));
            assertThat(raw.lastWord()).isEqualTo(EXPIRED);
        }
    }

    @Test
    void aClientThatDoesNotReadIsEndedToo() throws Exception {
        TunnelServer server = server(Limits.DEFAULT);
        JoinString shop = Tokens.add(world, "shop", "names=*");
        try (RawClient raw = RawClient.connect(server.controlPort(), true)) {
            raw.login(shop.token());
            raw.askFor(1, "shop");
            assertThat(raw.tunnelAnswer()).isInstanceOf(Frame.Assigned.class);
            assertThat(Tokens.revoke(world, "shop")).isEqualTo(1);
            await().atMost(World.PATIENCE).until(() -> {
                try (RawClient next = RawClient.connect(server.controlPort(), true)) {
                    next.login(server.joinString().token());
                    next.askFor(1, "shop");
                    return next.tunnelAnswer() instanceof Frame.Assigned;
                }
            });
        }
    }

    @Test
    void theFirstTokenOnceRevokedDoesNotComeBackWithTheNextStart() throws Exception {
        TunnelServer server = server(Limits.DEFAULT);
        JoinString before = server.joinString();
        assertThat(Tokens.revoke(world, "first")).isZero();
        assertThat(world.stateDirectory().resolve("join")).doesNotExist();
        server.close();

        TunnelServer next = server(Limits.DEFAULT);
        assertThat(next.joinString().token()).isNotEqualTo(before.token());
        assertThat(next.isJoinStringNew()).isTrue();
        try (RawClient raw = RawClient.connect(next.controlPort(), true)) {
            raw.send(Proofs.init(before.token(), raw.binding(), Bytes.random(32), Options.NONE));
            assertThat(raw.lastWord()).isEqualTo(NOT_ACCEPTED);
        }
    }

    @Test
    void norDoesItWhereACrashHasLeftItsJoinFile() throws Exception {
        TunnelServer server = server(Limits.DEFAULT);
        JoinString before = server.joinString();
        Tokens.revoke(world, "first");
        server.close();
        PrivateFiles.write(world.stateDirectory().resolve("join"), before.text());

        TunnelServer next = server(Limits.DEFAULT);
        assertThat(next.joinString().token()).isNotEqualTo(before.token());
        try (RawClient raw = RawClient.connect(next.controlPort(), true)) {
            raw.send(Proofs.init(before.token(), raw.binding(), Bytes.random(32), Options.NONE));
            assertThat(raw.lastWord()).isEqualTo(NOT_ACCEPTED);
        }
    }
}
