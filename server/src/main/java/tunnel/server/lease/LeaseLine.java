package tunnel.server.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.Bytes;
import tunnel.server.lease.LeaseKey.Kind;

/// One line of the journal: `CRC hold TOKEN name blue-otter` or `CRC free name blue-otter`, where CRC is the CRC-32C of what
/// follows it, in eight hexadecimal digits, so that a line that was half written or changed is known for what it is.
///
/// @param token the id of the token that may have it, or null where nobody may any more
record LeaseLine(LeaseKey key, @Nullable Bytes token) {
    private static final int CRC_DIGITS = 8;
    private static final int TOKEN_LENGTH = 16;
    private static final String HOLD = "hold";
    private static final String FREE = "free";

    /// With its line feed.
    String text() {
        String what = key.kind().name().toLowerCase(Locale.ROOT) + " " + key.what();
        String line = token == null ? FREE + " " + what : HOLD + " " + token.hex() + " " + what;
        return crc(line) + " " + line + "\n";
    }

    /// Reads a line without its line feed; null where it is none.
    static @Nullable LeaseLine parse(String text) {
        if (text.length() <= CRC_DIGITS || text.charAt(CRC_DIGITS) != ' ') {
            return null;
        }
        String line = text.substring(CRC_DIGITS + 1);
        if (!crc(line).equals(text.substring(0, CRC_DIGITS))) {
            return null;
        }
        String[] words = line.split(" ", -1);
        try {
            if (words[0].equals(HOLD) && words.length == 4) {
                return new LeaseLine(key(words[2], words[3]), token(words[1]));
            }
            return words[0].equals(FREE) && words.length == 3 ? new LeaseLine(key(words[1], words[2]), null) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static LeaseKey key(String kind, String what) {
        return new LeaseKey(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), what);
    }

    private static Bytes token(String digits) {
        Bytes token = Bytes.ofHex(digits);
        if (token.length() != TOKEN_LENGTH) {
            throw new IllegalArgumentException("not a token's id");
        }
        return token;
    }

    private static String crc(String line) {
        CRC32C crc = new CRC32C();
        crc.update(line.getBytes(UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
