package tunnel.server;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.admin.AdminCommand;
import tunnel.admin.Conversation;
import tunnel.protocol.Bytes;
import tunnel.protocol.JoinString;
import tunnel.protocol.Token;
import tunnel.server.tokens.NamedToken;
import tunnel.server.tokens.Standing;
import tunnel.server.tokens.TokenFields;
import tunnel.server.tokens.TokenStore;

/// What `tunnel-server token` asks for: of a running server, or of the state directory of one that is stopped.
final class TokenAdmin {
    /// `NAME FIELDS…`; answered by the join string.
    static final String ADD = "token-add";
    /// Answered by a line for each, `NAME ID STANDING SESSIONS FIELDS…`; SESSIONS is `-` where no server runs.
    static final String LIST = "token-list";
    /// `NAME`; answered by how many sessions have ended.
    static final String REVOKE = "token-revoke";

    private static final Logger log = LoggerFactory.getLogger(TokenAdmin.class);

    /// The sessions of a running server.
    ///
    /// @param count how many a token has, by its id
    /// @param end ends them
    record Clients(ToIntFunction<Bytes> count, Consumer<Bytes> end) {}

    private final StateDirectory state;
    private final TokenStore store;
    private final @Nullable JoinString like;
    private final @Nullable Clients clients;

    /// @param like a join string with the server's address and pin, or null where these are not known
    /// @param clients null where no server runs
    TokenAdmin(StateDirectory state, TokenStore store, @Nullable JoinString like, @Nullable Clients clients) {
        this.state = state;
        this.store = store;
        this.like = like;
        this.clients = clients;
    }

    /// That of a stopped server.
    static TokenAdmin ofFiles(StateDirectory state) throws IOException {
        return new TokenAdmin(
                state, ServerTokens.store(state, InstantSource.system()), ServerTokens.joinFile(state), null);
    }

    /// By name.
    Map<String, AdminCommand> commands() {
        return Map.of(ADD, this::add, LIST, this::list, REVOKE, this::revoke);
    }

    private void add(List<String> arguments, Conversation conversation) throws IOException {
        String name = name(arguments);
        if (like == null) {
            throw new IOException("there is no join file in " + state.folder() + ", so the server's address and key are not known."
                    + " Start tunnel-server once first");
        }
        TokenFields fields = TokenFields.parse(arguments.subList(1, arguments.size()));
        Token token = Token.random();
        store.add(name, token, fields.rights(), fields.expires());
        if (clients != null) { // else the command itself says so
            log.info("token {} was added", name);
        }
        conversation.say(List.of(new JoinString(token, like.server(), like.pin()).text()));
    }

    private static String name(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("the token's name is missing");
        }
        return NamedToken.checkName(arguments.getFirst());
    }

    private void list(List<String> arguments, Conversation conversation) throws IOException {
        for (NamedToken token : store.all()) {
            Bytes id = token.key().id();
            boolean expired = store.standing(id) == Standing.EXPIRED;
            List<String> words = new ArrayList<>(List.of(
                    token.name(),
                    id.hex(),
                    expired ? "expired" : "good",
                    clients == null ? "-" : Integer.toString(clients.count.applyAsInt(id))));
            words.addAll(new TokenFields(token.rights(), token.created(), token.expires()).words());
            conversation.say(words);
        }
    }

    private void revoke(List<String> arguments, Conversation conversation) throws IOException {
        NamedToken token = store.revoke(name(arguments));
        Bytes id = token.key().id();
        int sessions = 0;
        if (clients != null) {
            sessions = clients.count.applyAsInt(id);
            clients.end.accept(id);
            log.info("token {} was revoked, {} of its sessions ended", token.name(), sessions);
        }
        ServerTokens.forget(state, id);
        conversation.say(List.of(Integer.toString(sessions)));
    }
}
