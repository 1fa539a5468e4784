package tunnel.server.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame.Init;
import tunnel.protocol.Proofs;
import tunnel.protocol.StoredKey;

/// The stored keys of all tokens: enough to check who logs in, not enough to log in. Thread-safe.
public final class TokenStore {
    private final Map<Bytes, StoredKey> keys = new ConcurrentHashMap<>();
    private final StoredKey dummy = StoredKey.dummy();

    public void add(StoredKey key) {
        keys.put(key.id(), key);
    }

    /// The stored key whose token the sender of `init` holds, or null. Takes as long for a token that is not known.
    @Nullable StoredKey verify(Init init, Bytes binding) {
        StoredKey key = keys.get(init.token());
        boolean good = Proofs.verify(init, key != null ? key : dummy, binding);
        return good ? key : null;
    }
}
