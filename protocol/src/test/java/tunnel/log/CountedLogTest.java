package tunnel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tunnel.fixture.LogLines;

class CountedLogTest {
    private final CountedLog counted = new CountedLog(LoggerFactory.getLogger(CountedLogTest.class));

    @Test
    void theFirstIsSaidAtOnceAndTheOthersAreCounted() {
        try (LogLines log = new LogLines(Level.WARN)) {
            counted.warn("noise", "noise 1");
            assertThat(log.all()).singleElement().asString().endsWith("noise 1");
            for (int i = 2; i <= 524; i++) {
                counted.warn("noise", "noise " + i);
            }
            await().until(() -> log.all().size() == 2);
            assertThat(log.all().getLast()).endsWith("noise 524 (and 522 more like it in the last second)");
            counted.warn("noise", "noise 525");
            await().until(() -> log.all().size() == 3);
            assertThat(log.all().getLast()).endsWith("noise 525");
        }
    }

    @Test
    void kindsAreCountedApart() {
        try (LogLines log = new LogLines(Level.WARN)) {
            for (int i = 0; i < 3; i++) {
                counted.warn("one", "of one");
                counted.warn("other", "of the other");
            }
            await().until(() -> log.all().size() == 4);
            assertThat(log.with("of one (and 1 more")).hasSize(1);
            assertThat(log.with("of the other (and 1 more")).hasSize(1);
        }
    }

    @Test
    void whatWasCountedIsSaidAtTheEnd() {
        try (LogLines log = new LogLines(Level.WARN)) {
            for (int i = 0; i < 3; i++) {
                counted.warn("noise", "noise");
            }
            counted.close();
            assertThat(log.with("noise (and 1 more")).hasSize(1);
            counted.close();
            assertThat(log.all()).hasSize(2);
        }
    }
}
