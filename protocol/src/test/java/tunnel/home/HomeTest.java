package tunnel.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeTest {
    private static final Path USER = Path.of("/home/kim");

    @Test
    void withoutVariablesTheFallbacksCount() {
        Home home = new Home(Map.of(), USER);

        assertThat(home.serverState()).isEqualTo(Path.of("/home/kim/.local/state/tunnel-server"));
        assertThat(home.clientConfig()).isEqualTo(Path.of("/home/kim/.config/tunnel"));
    }

    @Test
    void eachVariableMovesItsOwnFolder() {
        Home home = new Home(Map.of("XDG_STATE_HOME", "/var/s", "XDG_CONFIG_HOME", "/etc/c"), USER);

        assertThat(home.serverState()).isEqualTo(Path.of("/var/s/tunnel-server"));
        assertThat(home.clientConfig()).isEqualTo(Path.of("/etc/c/tunnel"));
    }

    @Test
    void emptyAndRelativeValuesAreIgnored() {
        Home home = new Home(Map.of("XDG_STATE_HOME", "", "XDG_CONFIG_HOME", "relative/path"), USER);

        assertThat(home.serverState()).isEqualTo(Path.of("/home/kim/.local/state/tunnel-server"));
        assertThat(home.clientConfig()).isEqualTo(Path.of("/home/kim/.config/tunnel"));
    }
}
