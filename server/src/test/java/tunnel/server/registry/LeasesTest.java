package tunnel.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static tunnel.server.registry.World.wish;
import static tunnel.server.registry.World.wishOrAnyPort;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.net.Listener;
import tunnel.protocol.RejectCode;
import tunnel.server.registry.World.Holder;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class LeasesTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Holder ann = new Holder();
    private final Holder ben = new Holder();

    private static void assertTaken(World world, Holder by, String name, int port, RejectCode code) {
        assertThatThrownBy(() -> world.reserve(by, wish(name, port)))
                .isInstanceOfSatisfying(RejectedException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.holder()).isNull();
                });
    }

    @Test
    void whatALostClientHadIsItsTokensAndNobodyElses() throws Exception {
        try (World world = new World(2, LONG)) {
            Tunnel tunnel = world.reserve(ann, wish("otter", world.ports.last()));
            world.registry.releaseLost(tunnel);

            assertTaken(world, ben, "otter", 0, RejectCode.NAME_TAKEN);
            assertTaken(world, ben, "fox", world.ports.last(), RejectCode.PORT_TAKEN);
            assertThat(world.reserve(ben, wishOrAnyPort(world.ports.last())).port()).isEqualTo(world.ports.first());
            Holder annAgain = new Holder(ann.token(), Rights.ALL);
            assertThat(world.reserve(annAgain, wish("otter", world.ports.last())).port()).isEqualTo(world.ports.last());
        }
    }

    @Test
    void afterTheTimeOfGraceAnybodyMayHaveIt() throws Exception {
        try (World world = new World(1, Duration.ofMillis(50))) {
            world.registry.releaseLost(world.reserve(ann, wish("otter", 0)));

            await().atMost(Duration.ofSeconds(20)).until(() -> world.registry.route("otter.localhost") == NoRoute.UNKNOWN);
            assertThat(world.reserve(ben, wish("otter", world.ports.first())).name()).isEqualTo("otter");
        }
    }

    @Test
    void graceBeginsAnewWithEachLoss() throws Exception {
        Duration grace = Duration.ofMillis(600);
        try (World world = new World(3, grace)) {
            world.registry.releaseLost(world.reserve(ann, wish("otter", 0)));
            Holder annAgain = new Holder(ann.token(), Rights.ALL);
            Tunnel again = world.reserve(annAgain, wish("otter", 0));
            world.registry.releaseLost(world.reserve(ben, wish("fox", 0))); // its grace ends after the first one of otter
            await().atMost(Duration.ofSeconds(20)).until(() -> world.registry.route("fox.localhost") == NoRoute.UNKNOWN);

            assertThat(world.registry.tunnels()).containsExactly(again);
            world.registry.releaseLost(again);
            assertTaken(world, ben, "otter", 0, RejectCode.NAME_TAKEN);
        }
    }

    @Test
    void aRestartFreesNothing() throws Exception {
        try (World world = new World(3, LONG)) {
            Tunnel lost = world.reserve(ann, wish("otter", world.ports.last()));
            world.registry.releaseLost(lost);
            Tunnel live = world.reserve(ann, wish("fox", 0));
            world.registry.release(world.reserve(ann, wish("hare", 0)));
            world.restart();

            assertTaken(world, ben, "otter", 0, RejectCode.NAME_TAKEN);
            assertTaken(world, ben, "fox", 0, RejectCode.NAME_TAKEN);
            assertTaken(world, ben, "", live.port(), RejectCode.PORT_TAKEN);
            assertTaken(world, ben, "", lost.port(), RejectCode.PORT_TAKEN);
            assertThat(world.registry.route("otter.localhost")).isEqualTo(NoRoute.CLIENT_AWAY);
            assertThat(world.reserve(ben, wish("hare", 0)).name()).isEqualTo("hare");
            assertThat(world.reserve(ann, wish("fox", live.port())).name()).isEqualTo("fox");
        }
    }

    @Test
    void whenThePortsAreUsedUpATokenGetsTheOneThatItLostFirst() throws Exception {
        try (World world = new World(3, LONG)) {
            Tunnel first = world.reserve(ann, wish("", 0));
            Tunnel second = world.reserve(ann, wish("", 0));
            world.registry.releaseLost(second);
            world.registry.releaseLost(first);
            world.registry.releaseLost(world.reserve(ben, wish("", 0)));

            assertThat(world.reserve(ann, wish("", 0)).port()).isEqualTo(second.port());
            assertThat(world.reserve(ann, wish("", 0)).port()).isEqualTo(first.port());
            assertTaken(world, ann, "", 0, RejectCode.NO_PORT_LEFT);
        }
    }

    @Test
    void whenThePortsAreUsedUpATokenThatLostManyGivesItsOldestToTheOthers() throws Exception {
        try (World world = new World(10, LONG)) {
            for (int i = 0; i < 9; i++) {
                world.registry.releaseLost(world.reserve(ann, wish("", 0)));
            }
            Tunnel last = world.reserve(ann, wish("", 0));

            Tunnel given = world.reserve(ben, wish("", 0));
            assertThat(given.port()).isEqualTo(world.ports.first());
            assertTaken(world, ben, "", 0, RejectCode.NO_PORT_LEFT); // eight are still ann's
            assertThat(world.registry.tunnels()).containsExactlyInAnyOrder(last, given);
            world.restart();
            assertTaken(world, ann, "", given.port(), RejectCode.PORT_TAKEN);
        }
    }

    @Test
    void aNameThatWasLostIsKeptThoughItsPortIsAnotherProgramsNow() throws Exception {
        try (World world = new World(1, LONG);
                Listener _ = World.otherProgram(world.ports.first())) {
            assertTaken(world, ann, "otter", world.ports.first(), RejectCode.PORT_TAKEN);
            assertTaken(world, ann, "otter", 0, RejectCode.NO_PORT_LEFT);
        }
        try (World world = new World(1, LONG)) {
            world.registry.releaseLost(world.reserve(ann, wish("otter", 0)));
            try (Listener _ = World.otherProgram(world.ports.first())) {
                assertTaken(world, ann, "otter", 0, RejectCode.NO_PORT_LEFT);
            }
            assertTaken(world, ben, "otter", 0, RejectCode.NAME_TAKEN);
            assertThat(world.registry.route("otter.localhost")).isEqualTo(NoRoute.CLIENT_AWAY);
        }
    }

    @Test
    void ofTooManyThatATokenLostTheOldestIsFree() throws Exception {
        try (World world = new World(1, LONG)) {
            world.registry.releaseLost(world.reserve(ben, wish("hers", 0)));
            for (int i = 0; i <= LeaseBook.MOST_LOST; i++) {
                Tunnel tunnel = world.reserve(new Holder(ben.token(), Rights.ALL), wish("name-" + i, 0));
                world.registry.releaseLost(tunnel);
            }
            assertThat(world.registry.route("hers.localhost")).isEqualTo(NoRoute.UNKNOWN);
            assertThat(world.registry.route("name-1.localhost")).isEqualTo(NoRoute.UNKNOWN);
            assertThat(world.registry.route("name-" + LeaseBook.MOST_LOST + ".localhost")).isEqualTo(NoRoute.CLIENT_AWAY);
        }
    }

    @Test
    void whoGetsTheJournalBackGoesOnInIt() throws Exception {
        try (World world = new World(3, LONG)) {
            for (int i = 0; i < 50; i++) {
                world.registry.release(world.reserve(ann, wish("name-" + i, 0)));
            }
            Tunnel lost = world.reserve(ann, wish("otter", 0));
            Tunnel held = world.reserve(ben, wish("fox", 0));
            world.registry.releaseLost(lost);
            world.pauseAndResume();

            assertThat(world.reserve(ann, wish("otter", lost.port())).name()).isEqualTo("otter");
            assertThat(world.registry.tunnels()).contains(held);
            world.registry.release(held);
            world.restart();
            assertTaken(world, ben, "otter", 0, RejectCode.NAME_TAKEN);
            assertThat(world.reserve(ann, wish("fox", held.port())).name()).isEqualTo("fox");
        }
    }

    @Test
    void whatCannotBeSavedIsNotPromised() throws Exception {
        try (World world = new World(2, LONG)) {
            world.loseDisk();
            assertThatThrownBy(() -> world.reserve(ann, wish("otter", 0)))
                    .isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.code()).isEqualTo(RejectCode.BUSY))
                    .hasMessageContaining("there is no such file or folder");
            assertThat(world.registry.tunnels()).isEmpty();
            assertThat(World.isFree(world.ports.first())).isTrue();
            assertThat(world.registry.route("otter.localhost")).isEqualTo(NoRoute.UNKNOWN);
        }
    }
}
