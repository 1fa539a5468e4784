package tunnel.server;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.home.Home;
import tunnel.net.HostPort;
import tunnel.protocol.Bytes;
import tunnel.protocol.JoinString;
import tunnel.protocol.Pin;
import tunnel.protocol.Token;
import tunnel.server.tokens.TokenStore;

/// The tokens in the state directory: the file `tokens`, with which nobody can log in; and the join file, the one place where
/// a token stands in clear, the first one.
///
/// @param joinString for the first token, with the control port as it was bound
/// @param isNew whether the join string is another than the file had
record ServerTokens(TokenStore store, JoinString joinString, boolean isNew) {
    static final String TOKENS = "tokens";

    /// Reads the tokens, makes the first one where there is none in clear, and brings the join file up to date.
    ///
    /// @throws IOException with a sentence for the operator when a file is unreadable
    static ServerTokens in(StateDirectory state, HostPort control, Pin pin, InstantSource clock) throws IOException {
        JoinString before = joinFile(state);
        boolean lost = state.read(TOKENS) == null; // then the join file's token is as good as ever, else it was revoked
        TokenStore store = store(state, clock);
        Token token = before != null && (lost || store.contains(before.token())) ? before.token() : Token.random();
        if (!store.contains(token)) {
            store.addFirst(token);
        }
        JoinString joinString = new JoinString(token, control, pin);
        state.write(Home.JOIN, joinString.text() + "\n");
        // by text, as a record's own equals would be made at run time, in each start
        return new ServerTokens(store, joinString, before == null || !before.text().equals(joinString.text()));
    }

    /// The tokens alone.
    static TokenStore store(StateDirectory state, InstantSource clock) throws IOException {
        String text = state.read(TOKENS);
        try {
            return TokenStore.read(text == null ? "" : text, all -> state.write(TOKENS, all), clock);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    state.path(TOKENS) + ", " + e.getMessage() + ". Restore the file from a backup, or remove the line", e);
        }
    }

    /// Follows what another server does with the tokens, once the state directory is that one's.
    ///
    /// @return the ids of those that it has revoked since
    /// @throws IOException when the file is unreadable; nothing has changed then
    List<Bytes> follow(StateDirectory state) throws IOException {
        String text = state.read(TOKENS);
        try {
            return text == null ? List.of() : store.reload(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(state.path(TOKENS) + ", " + e.getMessage(), e);
        }
    }

    /// What the join file says, or null where there is none.
    static @Nullable JoinString joinFile(StateDirectory state) throws IOException {
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

    /// Removes the join file where it has a token that was revoked. The next start makes a new first one.
    ///
    /// @param token its id
    static void forget(StateDirectory state, Bytes token) throws IOException {
        JoinString saved = joinFile(state);
        if (saved != null && saved.token().id().equals(token)) {
            state.delete(Home.JOIN);
        }
    }
}
