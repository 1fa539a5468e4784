package tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The page about HTTP names every rule, and the status of those that are not a 400.
class HttpPageTest {
    private static final Path PAGE = Path.of("../docs/http.md");

    @ParameterizedTest
    @EnumSource
    void everyRuleIsOnThePage(Rule rule) throws IOException {
        String line = Files.readAllLines(PAGE).stream()
                .filter(each -> each.contains("`" + rule + "`"))
                .findFirst()
                .orElse("");
        assertThat(line).as("the line with %s", rule).isNotEmpty();
        if (rule.status() != 400 && rule.status() != 502) {
            assertThat(line).contains("**" + rule.status() + "**");
        }
    }
}
