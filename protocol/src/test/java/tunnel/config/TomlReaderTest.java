package tunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TomlReaderTest {
    @Test
    void knowsThePlaceOfEverything() {
        ConfigFile file = Sample.file("# first", "a = 'x'", "", "[tunnels.web]", "  b = [1,", "   true]", "[tunnels.db]");

        assertThat(file.problems()).isEmpty();
        assertThat(file.names()).containsExactly("web", "db");
        assertThat(file.top().settings()).singleElement().satisfies(setting -> {
            assertThat(setting.at()).isEqualTo(new Position(2, 1));
            assertThat(setting.values())
                    .containsExactly(new Setting.Value(Setting.Type.TEXT, "x", new Position(2, 1)));
        });
        assertThat(file.section("web")).isNotNull().satisfies(section -> {
            assertThat(section.at()).isEqualTo(new Position(4, 1));
            assertThat(section.settings().getFirst().values()).containsExactly(
                    new Setting.Value(Setting.Type.INTEGER, "1", new Position(5, 8)),
                    new Setting.Value(Setting.Type.BOOLEAN, "true", new Position(6, 4)));
        });
        assertThat(file.section("other")).isNull();
    }

    @Test
    void readsOnBehindWhatIsNotToml() {
        ConfigFile file = Sample.file("a = x", "b = 1", "[tunnels.web", "c = 1", "c = 2", "[tunnels.web]");

        assertThat(file.problems().stream().sorted(Problem.ORDER)).extracting(Problem::toString).containsExactly(
                "/etc/x/sample.toml:1:5: unexpected 'x', expected a value. Text goes in quotes, as in \"tunnel.example.com\"",
                "/etc/x/sample.toml:3:13: unexpected end of line, expected ]",
                "/etc/x/sample.toml:5:1: c previously defined at line 4, column 1",
                "/etc/x/sample.toml:6:1: tunnels.web previously defined at line 3, column 1");
        assertThat(file.top().get("b")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[tunnel.web] | tunnels | the heading [tunnel] is not known: write [tunnels.NAME], with a name of your choice",
        "[server] | `` | 'server' is a table, and this file has none: leave the heading out",
    })
    void otherHeadingsAreTold(String line, String group, String message) {
        assertThat(TomlReader.read(Path.of("f"), line + "\na = 1\n", group).problems())
                .singleElement()
                .hasToString("f:1:1: " + message);
    }

    @Test
    void whatStandsBetweenTheHeadingsHasOneToo() {
        assertThat(Sample.file("[tunnels]", "local = 4000").problems())
                .singleElement()
                .hasToString("/etc/x/sample.toml:2:1: 'local' belongs under a heading of its own, as in [tunnels.web]");
    }

    @Test
    void sectionsSayTheSameInAnyOrder() {
        Section one = Sample.file("a = 1", "b = ['x']").top();

        assertThat(one.says(Sample.file("# moved", "b = [ 'x' ]", "a = 1").top())).isTrue();
        assertThat(one.changedIn(Sample.file("a = '1'", "c = 1", "b = ['x']").top())).containsExactly("a", "c");
        assertThat(one.changedIn(Sample.file("a = 1", "b = ['x', 'y']").top())).containsExactly("b");
    }
}
