package tunnel.inspect.store;

import org.jspecify.annotations.Nullable;
import tunnel.local.LocalService;

/// The tunnel that an exchange came through, as far as it matters for looking at it and for repeating it.
public interface LocalTarget {
    /// Its label or else its name, as lists show it.
    String shownName();

    /// The local service; null where the tunnel is gone.
    @Nullable LocalService service();
}
