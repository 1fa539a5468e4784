package tunnel.server;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tunnel.home.Home;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.StoredKey;
import tunnel.protocol.Token;
import tunnel.server.control.TokenStore;

/// The tokens in the state directory: a line `ID STORED-KEY NAME` for each, in hexadecimal, with which nobody can log in; and
/// the join file, the one place where a token stands in clear.
///
/// @param joinString for the first token, with the control port as it was bound
/// @param isNew whether the join string is another than the file had
record ServerTokens(TokenStore store, JoinString joinString, boolean isNew) {
    private static final String TOKENS = "tokens";
    private static final String FIRST = "first";

    /// Reads the tokens, makes the first one where there is none, and brings the join file up to date.
    ///
    /// @throws IOException with a sentence for the operator when a file is unreadable
    static ServerTokens in(StateDirectory state, HostPort control, Pin pin) throws IOException {
        String lines = state.read(TOKENS);
        lines = lines == null ? "" : lines;
        TokenStore store = new TokenStore();
        for (String line : lines.lines().filter(one -> !one.isBlank()).toList()) {
            store.add(storedKey(state, line));
        }
        JoinString before = joinFile(state);
        Token token = before != null ? before.token() : Token.random();
        StoredKey key = token.storedKey();
        if (!lines.contains(key.id().hex())) {
            state.write(TOKENS, lines + key.id().hex() + " " + key.key().hex() + " " + FIRST + "\n");
            store.add(key);
        }
        JoinString joinString = new JoinString(token, control, pin);
        state.write(Home.JOIN, joinString.text() + "\n");
        return new ServerTokens(store, joinString, !joinString.equals(before));
    }

    private static StoredKey storedKey(StateDirectory state, String line) throws IOException {
        String[] fields = line.strip().split(" +", 3);
        try {
            StoredKey key = new StoredKey(Bytes.ofHex(fields[0]), Bytes.ofHex(fields[1]));
            if (key.id().length() == 16 && key.key().length() == 32) {
                return key;
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            // the sentence below says what is wrong
        }
        throw new IOException(state.path(TOKENS) + " has a line that is not 'ID KEY NAME'. Restore the file from a backup");
    }

    private static @Nullable JoinString joinFile(StateDirectory state) throws IOException {
        String text = state.read(Home.JOIN);
        try {
            return text == null ? null : JoinString.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    state.path(Home.JOIN) + " is not a join string: " + e.getMessage()
                            + ". Remove it for a new token; clients then need the new join string",
                    e);
        }
    }
}
