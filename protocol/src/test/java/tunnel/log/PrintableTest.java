package tunnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextStaysTheSame() {
        assertThat(Printable.of("")).isEmpty();
        assertThat(Printable.of("GET /grün?q=1 \\ \"x\"")).isEqualTo("GET /grün?q=1 \\ \"x\"");
        assertThat(Printable.of(null)).isEqualTo("-");
    }

    @Test
    void nothingForgesALineOrMovesACursor() {
        assertThat(Printable.of("a\r\nb\tc\0")).isEqualTo("a\\x0d\\x0ab\\x09c\\x00");
        assertThat(Printable.of("\u001b[2J\u007f")).isEqualTo("\\x1b[2J\\x7f");
        assertThat(Printable.of("\u009b2J\u0085")).isEqualTo("\\x9b2J\\x85");
        assertThat(Printable.of("a\u2028b\u2029c")).isEqualTo("a\\u2028b\\u2029c");
    }

    @Test
    void nothingTurnsTheDirectionOfWriting() {
        assertThat(Printable.of("a\u202eb\u200fc\ufeff")).isEqualTo("a\\u202eb\\u200fc\\ufeff");
    }

    @Test
    void halfACharacterIsShownAsWhatItIs() {
        assertThat(Printable.of("a\ud83d")).isEqualTo("a\\ud83d");
    }

    @Test
    void longTextIsCut() {
        assertThat(Printable.of("x".repeat(2000))).isEqualTo("x".repeat(2000));
        assertThat(Printable.of("x".repeat(2001))).isEqualTo("x".repeat(2000) + "…");
        assertThat(Printable.of("\n" + "x".repeat(5000))).isEqualTo("\\x0a" + "x".repeat(1999) + "…");
    }
}
