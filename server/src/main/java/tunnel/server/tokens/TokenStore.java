package tunnel.server.tokens;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame.Init;
import tunnel.protocol.Proofs;
import tunnel.protocol.StoredKey;
import tunnel.protocol.Token;
import tunnel.server.registry.Rights;

/// All tokens: enough to check who logs in and what they may have, not enough to log in. Thread-safe; who reads never waits
/// for a change, and sees it at once when it is on disk.
public final class TokenStore {
    /// The name of the one that is made at first start.
    public static final String FIRST = "first";

    /// Where all tokens are kept.
    @FunctionalInterface
    public interface Saving {
        /// Replaces the whole text. On return it is on disk.
        void save(String text) throws IOException;
    }

    private final Saving saving;
    private final InstantSource clock;
    private final StoredKey dummy = StoredKey.dummy();

    /// Makes one change at a time, its write included; nobody who serves a client takes it.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Map<Bytes, NamedToken> tokens; // by id, the oldest first; replaced as a whole, never changed

    private TokenStore(List<NamedToken> tokens, Saving saving, InstantSource clock) {
        this.tokens = byId(tokens);
        this.saving = saving;
        this.clock = clock;
    }

    /// Reads what {@link Saving} was given last, or nothing.
    ///
    /// @throws IllegalArgumentException with what is wrong, and in which line
    public static TokenStore read(String text, Saving saving, InstantSource clock) {
        return new TokenStore(TokenLines.parse(text), saving, clock);
    }

    /// The token that the sender of `init` holds, though its time may be over, or null. Takes as long for a token that is not
    /// known.
    public @Nullable NamedToken verify(Init init, Bytes binding) {
        NamedToken token = tokens.get(init.token());
        boolean good = Proofs.verify(init, token != null ? token.key() : dummy, binding);
        return good ? token : null;
    }

    /// Whether a token is good at this moment.
    ///
    /// @param id 16 bytes
    public Standing standing(Bytes id) {
        NamedToken token = tokens.get(id);
        if (token == null) {
            return Standing.REVOKED;
        }
        return token.isExpired(clock.instant()) ? Standing.EXPIRED : Standing.GOOD;
    }

    /// What a token may have at this moment; nothing where it is not good.
    ///
    /// @param id 16 bytes
    public Rights rights(Bytes id) {
        NamedToken token = tokens.get(id);
        return token == null || token.isExpired(clock.instant()) ? Rights.NONE : token.rights();
    }

    public boolean contains(Token token) {
        return tokens.containsKey(token.id());
    }

    /// All, the oldest first.
    public List<NamedToken> all() {
        return List.copyOf(tokens.values());
    }

    /// Keeps what is needed of a token.
    ///
    /// @param expires null for never
    /// @throws IllegalArgumentException with a sentence where the name is no name or taken, or the time over already
    /// @throws IOException when it could not be saved; nothing has changed then
    public void add(String name, Token token, Rights rights, @Nullable Instant expires) throws IOException {
        changing.lock();
        try {
            if (named(name) != null) {
                throw new IllegalArgumentException("there is a token " + name
                        + " already. Choose another name, or revoke that one first: tunnel-server token revoke " + name);
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            NamedToken added = new NamedToken(name, token.storedKey(), rights, now, expires);
            if (added.isExpired(now)) {
                throw new IllegalArgumentException("the token " + name + " would have expired already, at " + expires);
            }
            List<NamedToken> all = new ArrayList<>(tokens.values());
            all.add(added);
            replace(all);
        } finally {
            changing.unlock();
        }
    }

    /// Keeps a token that can do all, by the name {@link #FIRST} or, where that is taken, one like it.
    public void addFirst(Token token) throws IOException {
        String name = FIRST;
        for (int number = 2; named(name) != null; number++) {
            name = FIRST + "-" + number;
        }
        add(name, token, Rights.ALL, null);
    }

    /// Forgets a token.
    ///
    /// @return what was known of it
    /// @throws IllegalArgumentException with a sentence where there is none of that name
    /// @throws IOException when that could not be saved; nothing has changed then
    public NamedToken revoke(String name) throws IOException {
        changing.lock();
        try {
            NamedToken token = named(name);
            if (token == null) {
                throw new IllegalArgumentException(
                        "there is no token " + name + ". See which there are: tunnel-server token list");
            }
            replace(all().stream().filter(one -> !one.equals(token)).toList());
            return token;
        } finally {
            changing.unlock();
        }
    }

    /// Reads again what another server has saved, which has the state directory now.
    ///
    /// @return the ids of those that are gone
    /// @throws IllegalArgumentException with what is wrong, and in which line; nothing has changed then
    public List<Bytes> reload(String text) {
        changing.lock();
        try {
            Map<Bytes, NamedToken> before = tokens;
            Map<Bytes, NamedToken> now = byId(TokenLines.parse(text));
            tokens = now;
            return before.keySet().stream().filter(id -> !now.containsKey(id)).toList();
        } finally {
            changing.unlock();
        }
    }

    private void replace(List<NamedToken> all) throws IOException {
        saving.save(TokenLines.text(all));
        tokens = byId(all);
    }

    private static Map<Bytes, NamedToken> byId(List<NamedToken> all) {
        Map<Bytes, NamedToken> map = new LinkedHashMap<>();
        all.forEach(token -> map.put(token.key().id(), token));
        return map;
    }

    private @Nullable NamedToken named(String name) {
        return tokens.values().stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
    }
}
