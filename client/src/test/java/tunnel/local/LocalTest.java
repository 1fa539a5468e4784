package tunnel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.home.Home;

class LocalTest {
    @TempDir
    private Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws Exception {
        folder = Files.createDirectory(temporary.toRealPath().resolve("site"));
    }

    private Local parse(String text) {
        return Local.parse(text, new Home(Map.of(), temporary));
    }

    @ParameterizedTest
    @CsvSource({
        "4000, NONE, localhost:4000",
        "127.0.0.1:4000, NONE, 127.0.0.1:4000",
        "http://localhost:4000, NONE, localhost:4000",
        "http://localhost:4000/, NONE, localhost:4000",
        "HTTP://app.test, NONE, app.test:80",
        "https://localhost:8443, VERIFIED, localhost:8443",
        "https://app.test, VERIFIED, app.test:443",
        "https://[::1]:8443/, VERIFIED, [::1]:8443",
    })
    void isAServiceByPortOrAddressOrUrl(String text, Local.Security security, String address) {
        assertThat(parse(text)).isInstanceOfSatisfying(Local.Service.class, service -> {
            assertThat(service.security()).isEqualTo(security);
            assertThat(service.address()).hasToString(address);
        });
    }

    @Test
    void isAFolderByItsPath() throws Exception {
        assertThat(parse(folder.toString())).isEqualTo(new Local.Folder(folder));
        assertThat(parse(folder + "/")).isEqualTo(new Local.Folder(folder));
        assertThat(parse(folder + "/../site")).isEqualTo(new Local.Folder(folder));
        assertThat(parse("~/site")).isEqualTo(new Local.Folder(folder));
        assertThat(parse("~")).isEqualTo(new Local.Folder(temporary.toRealPath()));
        assertThat(parse(".")).isEqualTo(new Local.Folder(Path.of("").toRealPath()));
        assertThat(parse("src")).isEqualTo(new Local.Folder(Path.of("src").toRealPath()));
        assertThat(parse("src/test")).isEqualTo(new Local.Folder(Path.of("src/test").toRealPath()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "./nowhere | there is no folder './nowhere'. Write it as in ./dist",
        "nowhere/x | there is no folder 'nowhere/x'. Write it as in ./dist",
        "./pom.xml | './pom.xml' is a file, and only whole folders are served. Write it as in ./dist",
        "ftp://localhost:21 | 'ftp://localhost:21' is neither http:// nor https://. Write it as in https://localhost:8443",
        "https://localhost:8443/app | 'https://localhost:8443/app' has a path, but visitors choose that. Write it as in https://localhost:8443",
        "http://:80 | '' is not a host name or address. Write HOST:PORT, as in localhost:4000 or [::1]:4000",
        "nowhere | 'nowhere' has no port. Write HOST:PORT, as in localhost:4000 or [::1]:4000",
    })
    void anythingElseIsRefusedWithASentence(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
