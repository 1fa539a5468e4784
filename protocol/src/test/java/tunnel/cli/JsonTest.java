package tunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void whateverIsInATextStaysInIt() {
        assertThat(Json.of("a \"b\" \\ \n\t\u0000\u001b\u007f ü 🦦"))
                .isEqualTo("\"a \\\"b\\\" \\\\ \\n\\t\\u0000\\u001b\\u007f \\u00fc \\ud83e\\udda6\"");
    }

    @Test
    void levelsAreIndented() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("n", 1L);
        map.put("list", List.of(true, List.of(), Map.of()));
        assertThat(Json.of(map)).isEqualTo("""
                {
                  "n": 1,
                  "list": [
                    true,
                    [],
                    {}
                  ]
                }""");
    }
}
