package tunnel.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private final Traffic whole = new Traffic(null);
    private final Traffic traffic = new Traffic(whole);

    private void visits(int count) {
        IntStream.range(0, count).forEach(_ -> {
            traffic.began();
            traffic.ended(2, 3);
        });
    }

    private void steps(int count) {
        IntStream.range(0, count).forEach(_ -> traffic.step());
    }

    @Test
    void whatIsUnderWayIsOpenAndItsBytesCountWhenItIsOver() {
        traffic.began();
        assertThat(traffic.count()).isEqualTo(new Traffic.Count(1, 1, 1, 1, 0, 0));
        traffic.ended(5, 7);
        assertThat(traffic.count()).isEqualTo(new Traffic.Count(0, 1, 1, 1, 5, 7));
        assertThat(whole.count()).isEqualTo(traffic.count()).isNotSameAs(traffic.count());
    }

    @Test
    void theLastMinutesForgetWhatTheTotalKeeps() {
        visits(10);
        steps(11); // 55 s
        visits(1);
        assertThat(traffic.count()).isEqualTo(new Traffic.Count(0, 11, 11, 11, 22, 33));
        steps(1);
        assertThat(traffic.count().lastMinute()).isEqualTo(1);
        steps(47); // 295 s
        assertThat(traffic.count().lastMinute()).isZero();
        assertThat(traffic.count().lastFiveMinutes()).isEqualTo(11);
        steps(1);
        assertThat(traffic.count().lastFiveMinutes()).isEqualTo(1);
        steps(500);
        visits(4);
        assertThat(traffic.count()).isEqualTo(new Traffic.Count(0, 15, 4, 4, 30, 45));
    }
}
