package tunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearTest {
    private static final List<String> WORDS = List.of(
            "--local", "--local-insecure", "--name", "--host", "--host-header", "--rate", "--max-body", "login", "status", "doctor",
            "completion", "start", "http", "tcp");

    @ParameterizedTest
    @CsvSource({
        "--nmae, --name",
        "--locla, --local",
        "--locl, --local",
        "--hst-header, --host-header",
        "--max-bodies, --max-body",
        "staus, status",
        "statsu, status",
        "docter, doctor",
        "htp, http",
        "frobnicate,",
        "--frobnicate,",
        "4000,"
    })
    void aMistypedWordIsNearTheRightOne(String typed, String word) {
        assertThat(Near.to(typed, WORDS)).isEqualTo(word == null ? List.of() : List.of(word));
    }
}
