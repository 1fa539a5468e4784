package tunnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final InetAddress WIFI = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress PHONE = InetAddress.ofLiteral("198.51.100.1");

    private final SetMachine machine = new SetMachine();
    private final Watch watch = new Watch(machine);

    private Watch.@Nullable Doubt lookAfter(Duration awake, Duration onTheWall) {
        machine.nanos += awake.toNanos();
        machine.millis += onTheWall.toMillis();
        return watch.look();
    }

    private Watch.@Nullable Doubt lookAfter(Duration time) {
        return lookAfter(time, time);
    }

    @Test
    void quietTimesRaiseNoDoubt() {
        for (int i = 0; i < 100; i++) {
            assertThat(lookAfter(Duration.ofSeconds(1))).isNull();
        }
        assertThat(lookAfter(Duration.ofMinutes(10))).as("a process that was stopped").isNull();
    }

    @Test
    void clocksThatDriftByALittleRaiseNone() {
        for (int i = 0; i < 100; i++) {
            assertThat(lookAfter(Duration.ofSeconds(1), Duration.ofMillis(1500))).isNull();
        }
    }

    @Test
    void sleepRaisesOneDoubt() {
        assertThat(lookAfter(Duration.ofSeconds(1), Duration.ofMillis(3001))).isNotNull();
        assertThat(lookAfter(Duration.ofSeconds(1))).isNull();
    }

    @Test
    void aClockThatWasSetEitherWayRaisesOne() {
        assertThat(lookAfter(Duration.ofSeconds(1), Duration.ofHours(1))).isNotNull();
        assertThat(lookAfter(Duration.ofSeconds(1), Duration.ofHours(-1))).isNotNull();
        assertThat(lookAfter(Duration.ofSeconds(1))).isNull();
    }

    @Test
    void addressesThatChangedRaiseOneWithinThreeSeconds() {
        machine.addresses = Set.of(PHONE);
        List<Watch.Doubt> doubts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Watch.Doubt doubt = lookAfter(Duration.ofSeconds(1));
            if (doubt != null) {
                doubts.add(doubt);
            }
            if (i == 2) {
                assertThat(doubts).hasSize(1);
            }
        }
        assertThat(doubts).singleElement().satisfies(doubt -> assertThat(doubt.gone()).containsExactly(WIFI));
    }

    @Test
    void addressesAreComparedAtOnceAfterSleep() {
        machine.addresses = Set.of(PHONE);
        Watch.Doubt doubt = lookAfter(Duration.ofSeconds(1), Duration.ofHours(1));

        assertThat(Objects.requireNonNull(doubt).gone()).containsExactly(WIFI);
    }

    @Test
    void addressesThatCannotBeReadAreTakenForTheSame() {
        machine.unreadable = true;
        assertThat(lookAfter(Duration.ofSeconds(1), Duration.ofHours(1)))
                .satisfies(doubt -> assertThat(Objects.requireNonNull(doubt).gone()).isEmpty());
    }

    @Test
    void thisMachinesAddressesCanBeRead() throws IOException {
        assertThat(Machine.THIS.addresses()).noneMatch(InetAddress::isLoopbackAddress);
    }

    private static final class SetMachine implements Machine {
        private long nanos = Long.MAX_VALUE - 10; // nanoTime may be anything, and run over
        private long millis = System.currentTimeMillis();
        private Set<InetAddress> addresses = Set.of(WIFI);
        private boolean unreadable;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return millis;
        }

        @Override
        public Set<InetAddress> addresses() throws IOException {
            if (unreadable) {
                throw new IOException("unreadable");
            }
            return addresses;
        }
    }
}
