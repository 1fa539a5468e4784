package tunnel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/// What single octets are, and comparisons of runs of them: no text is made of a head where none is needed.
final class Octets {
    private static final byte TOKEN = 1;
    private static final byte CONTROL = 2; // other than HTAB
    private static final byte[] KIND = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            if (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                KIND[c] = TOKEN;
            } else if ((c < ' ' && c != '\t') || c == 127) {
                KIND[c] = CONTROL;
            }
        }
    }

    private Octets() {}

    /// Whether it is a `tchar` (RFC 9110, section 5.6.2).
    static boolean isToken(int octet) {
        return KIND[octet & 0xFF] == TOKEN;
    }

    /// Whether it is a control character other than HTAB, CR and LF among them.
    static boolean isControl(int octet) {
        return KIND[octet & 0xFF] == CONTROL;
    }

    static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    /// The value of a hexadecimal digit, or -1.
    static int hex(int octet) {
        if (isDigit(octet)) {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean isBlank(int octet) {
        return octet == ' ' || octet == '\t';
    }

    static int lower(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }

    /// Whether all of `[from, to)` are token characters, and there is one.
    static boolean isToken(ByteBuffer bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isToken(bytes.get(i))) {
                return false;
            }
        }
        return from < to;
    }

    static boolean same(ByteBuffer bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes.get(i) != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /// Compares without regard to case.
    ///
    /// @param lower in lower case
    static boolean equal(ByteBuffer bytes, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (lower(bytes.get(i)) != lower.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /// Compares without regard to case, and with underscores as hyphens.
    ///
    /// @param lower in lower case, with hyphens
    static boolean equalButForUnderscores(ByteBuffer bytes, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            int octet = bytes.get(i);
            if ((octet == '_' ? '-' : lower(octet)) != lower.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWith(ByteBuffer bytes, int from, int to, String lower) {
        return to - from >= lower.length() && equal(bytes, from, from + lower.length(), lower);
    }

    static String text(ByteBuffer bytes, int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return new String(copy, ISO_8859_1);
    }
}
