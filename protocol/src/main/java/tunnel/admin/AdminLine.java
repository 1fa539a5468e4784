package tunnel.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A line of words: in UTF-8, percent-encoded where that is needed to keep words and lines apart, with spaces between. No line
/// is without a word, and a word may be empty.
final class AdminLine {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private AdminLine() {}

    /// Without the line's end.
    static String of(List<String> words) {
        return words.stream().map(AdminLine::encoded).collect(Collectors.joining(" "));
    }

    private static String encoded(String word) {
        StringBuilder text = new StringBuilder();
        word.chars().forEach(c -> {
            if (c <= ' ' || c == '%' || c == 0x7f) {
                text.append('%').append(HEX.toHexDigits((byte) c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }

    /// @throws IOException where it was not written by {@link #of}
    static List<String> parse(String line) throws IOException {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ", -1)) {
            words.add(decoded(word));
        }
        return words;
    }

    private static String decoded(String word) throws IOException {
        byte[] text = word.getBytes(UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '%') {
                bytes.write(text[i]);
                continue;
            }
            if (i + 2 >= text.length || !HexFormat.isHexDigit(text[i + 1]) || !HexFormat.isHexDigit(text[i + 2])) {
                throw new IOException("a line has a % without two hexadecimal digits");
            }
            bytes.write(HexFormat.fromHexDigit(text[i + 1]) << 4 | HexFormat.fromHexDigit(text[i + 2]));
            i += 2;
        }
        return bytes.toString(UTF_8);
    }
}
