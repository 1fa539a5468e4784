package tunnel.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.Cidr;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.PublicUrl;

/// What a server is told about its visitors' side.
///
/// @param trustedProxies whose forwarding fields are believed
/// @param publicUrl how visitors reach the HTTP edge by name, or null where nothing stands in front of it
public record PublicSettings(AccessLog.Settings accessLog, List<Cidr> trustedProxies, @Nullable PublicUrl publicUrl) {
    public static final PublicSettings DEFAULT = new PublicSettings(AccessLog.Settings.DEFAULT, List.of(), null);

    public PublicSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
