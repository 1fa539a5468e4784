package tunnel.server.tokens;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tunnel.protocol.Bytes;
import tunnel.protocol.StoredKey;
import tunnel.server.registry.Rights;

/// The text of the `tokens` file: a line `ID STORED-KEY NAME FIELDS…` for each token, id and key in hexadecimal.
final class TokenLines {
    private static final int ID_LENGTH = 16;
    private static final int KEY_LENGTH = 32;

    private TokenLines() {}

    /// @throws IllegalArgumentException with what is wrong, and in which line
    static List<NamedToken> parse(String text) {
        List<NamedToken> tokens = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                NamedToken token = token(List.of(line.strip().split(" +")));
                checkNew(token, tokens);
                tokens.add(token);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return tokens;
    }

    private static NamedToken token(List<String> words) {
        if (words.size() < 3) {
            throw new IllegalArgumentException("it is not 'ID KEY NAME' and fields");
        }
        StoredKey key = new StoredKey(bytes(words.get(0), ID_LENGTH), bytes(words.get(1), KEY_LENGTH));
        List<String> said = words.subList(3, words.size());
        TokenFields fields = TokenFields.parse(said);
        // the first token of a state directory from before there were rights could do all
        boolean all = said.isEmpty() && words.get(2).equals(TokenStore.FIRST);
        return new NamedToken(words.get(2), key, all ? Rights.ALL : fields.rights(), fields.created(), fields.expires());
    }

    private static Bytes bytes(String digits, int length) {
        if (!digits.matches("([0-9a-f]{2}){" + length + "}")) {
            throw new IllegalArgumentException("it is not 'ID KEY NAME' and fields");
        }
        return Bytes.ofHex(digits);
    }

    private static void checkNew(NamedToken token, List<NamedToken> before) {
        for (NamedToken other : before) {
            if (other.name().equals(token.name()) || other.key().id().equals(token.key().id())) {
                throw new IllegalArgumentException("the token " + token.name() + " stands there twice");
            }
        }
    }

    static String text(List<NamedToken> tokens) {
        return tokens.stream().map(TokenLines::line).collect(Collectors.joining());
    }

    private static String line(NamedToken token) {
        List<String> words = new ArrayList<>(
                List.of(token.key().id().hex(), token.key().key().hex(), token.name()));
        words.addAll(new TokenFields(token.rights(), token.created(), token.expires()).words());
        return String.join(" ", words) + "\n";
    }
}
