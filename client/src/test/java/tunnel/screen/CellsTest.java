package tunnel.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {
    @ParameterizedTest
    @CsvSource({"abc,3", "日本,4", "e\u0301,1", "ﾊ,1", "Ａ,2", "한글,4", "🚀,2", "✅,2", "→●…,3", "'',0"})
    void widthsAreThoseOfTerminals(String text, int cells) {
        assertThat(Cells.width(text)).isEqualTo(cells);
    }

    @Test
    void whatMovesTheCursorOrTurnsTheTextIsWrittenInHexadecimal() {
        assertThat(Cells.safe("/a\033[2J\u009b1m\r\n\t\u0007\u202e\u2066\u200b\ud800\ue000"))
                .isEqualTo("/a\\x1b[2J\\x9b1m\\x0d\\x0a\\x09\\x07\\u202e\\u2066\\u200b\\ud800\\ue000");
        assertThat(Cells.safe("/日本/🚀")).isEqualTo("/日本/🚀");
    }

    @Test
    void allOfUnicodeIsSafe() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            String safe = Cells.safe("a" + Character.toString(point));
            assertThat(safe.codePoints().allMatch(CellsTest::isVisible)).as("U+%04X", point).isTrue();
        }
    }

    @Test
    void marksPileUpNoHigherThanLettersNeedAndNeedALetter() {
        assertThat(Cells.safe("e" + "\u0301".repeat(50))).isEqualTo("e\u0301\u0301");
        assertThat(Cells.safe("\u0301/")).isEqualTo("/");
        assertThat(Cells.safe(" \u0301")).isEqualTo(" ");
    }

    @Test
    void whatIsTooLongIsCutBetweenLetters() {
        assertThat(Cells.fit("abcdef", 4, "…")).isEqualTo("abc…");
        assertThat(Cells.fit("abcd", 4, "…")).isEqualTo("abcd");
        assertThat(Cells.fit("日本語", 4, "…")).isEqualTo("日…");
        assertThat(Cells.fit("e\u0301e\u0301e\u0301", 2, "…")).isEqualTo("e\u0301…");
        assertThat(Cells.fit("abc", 0, "…")).isEmpty();
    }

    private static boolean isVisible(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
