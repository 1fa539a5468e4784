package tunnel.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tunnel.events.ClientEvents.Shown;
import tunnel.protocol.TunnelProtocol;

/// What a command finds in its environment.
class PublicUrlsTest {
    private static Shown tunnel(int id, String label, String... urls) {
        return new Shown(id, label, TunnelProtocol.HTTP, "http://localhost:4000", List.of(urls));
    }

    @Test
    void theBestAddressOfTheOnlyTunnel() {
        PublicUrls urls = new PublicUrls(List.of(""));
        assertThat(urls.variables()).isNotDone();
        urls.ready(tunnel(1, "", "http://a.example", "http://example:20000"));

        assertThat(urls.variables().join()).isEqualTo(Map.of("PUBLIC_URL", "http://a.example"));
    }

    @Test
    void ofSeveralEachByItsLabelAndTheFirstOneWithoutWhicheverWasReadyFirst() {
        PublicUrls urls = new PublicUrls(List.of("web", "my-db", "gone", "old"));
        urls.ready(tunnel(3, "my-db", "tcp://example:20001"));
        urls.refused(tunnel(1, "gone"), "no");
        urls.ready(tunnel(4, "old", "http://old.example"));
        urls.removed(tunnel(4, "old", "http://old.example"));
        assertThat(urls.variables()).isNotDone();
        urls.ready(tunnel(2, "web", "http://b.example"));

        assertThat(urls.variables().join())
                .isEqualTo(Map.of(
                        "PUBLIC_URL", "http://b.example",
                        "PUBLIC_URL_WEB", "http://b.example",
                        "PUBLIC_URL_MY_DB", "tcp://example:20001"));
    }

    @Test
    void withoutAnyAddressThereIsNothingToStart() {
        PublicUrls urls = new PublicUrls(List.of(""));
        urls.refused(tunnel(1, ""), "no");

        assertThat(urls.variables()).isNotDone();
    }

    @Test
    void aTunnelThatWasChangedIsStillOne() {
        PublicUrls urls = new PublicUrls(List.of("a", "b"));
        urls.ready(tunnel(1, "a", "http://a.example"));
        urls.ready(tunnel(3, "a", "http://c.example"));
        urls.removed(tunnel(1, "a", "http://a.example"));
        assertThat(urls.variables()).isNotDone();
        urls.ready(tunnel(2, "b", "http://b.example"));

        assertThat(urls.variables().join()).containsEntry("PUBLIC_URL_A", "http://c.example");
    }
}
