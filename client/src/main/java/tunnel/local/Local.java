package tunnel.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import tunnel.home.Home;
import tunnel.net.HostPort;

/// What `--local` says that a tunnel leads to.
public sealed interface Local {
    /// A program that listens.
    record Service(HostPort address, Security security) implements Local {
        @Override
        public String toString() {
            return (security == Security.NONE ? "" : "https://") + address;
        }
    }

    /// A folder, to be served read-only.
    ///
    /// @param path its real path
    record Folder(Path path) implements Local {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// How a program that listens is spoken to.
    enum Security {
        /// Without TLS.
        NONE,
        /// With TLS, and a certificate that this JDK trusts for the host.
        VERIFIED,
        /// With TLS, and whatever certificate it has.
        ANY_CERTIFICATE
    }

    /// A program that listens, without TLS.
    static Local plain(HostPort address) {
        return new Service(address, Security.NONE);
    }

    /// Reads `4000`, `HOST:4000`, `http://HOST:4000`, `https://HOST:4000` or a folder.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    static Local parse(String text, Home home) {
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            return url(text, text.substring(0, scheme).toLowerCase(Locale.ROOT), text.substring(scheme + 3));
        }
        if (text.startsWith("/") || text.startsWith(".") || text.startsWith("~")) {
            return folder(text, home);
        }
        try {
            return plain(HostPort.parse(text, "localhost", 0));
        } catch (IllegalArgumentException e) {
            if (text.contains("/") || isFolder(text)) {
                return folder(text, home);
            }
            throw e;
        }
    }

    private static Local url(String text, String scheme, String rest) {
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither http:// nor https://. Write it as in https://localhost:8443");
        }
        String address = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        if (address.contains("/") || address.contains("?") || address.contains("#")) {
            throw new IllegalArgumentException("'" + text + "' has a path, but visitors choose that. Write it as in " + scheme
                    + "://localhost:" + (tls ? 8443 : 4000));
        }
        return new Service(HostPort.parse(address, null, tls ? 443 : 80), tls ? Security.VERIFIED : Security.NONE);
    }

    private static boolean isFolder(String text) {
        try {
            return !text.isEmpty() && Files.isDirectory(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Local folder(String text, Home home) {
        try {
            // the shell leaves the ~ of --local=~/site to us
            boolean ofHome = text.equals("~") || text.startsWith("~/");
            Path path = ofHome ? home.home().resolve(text.substring(Math.min(2, text.length()))) : Path.of(text);
            Path real = path.toRealPath();
            if (Files.isDirectory(real)) {
                return new Folder(real);
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is a file, and only whole folders are served. Write it as in ./dist");
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("there is no folder '" + text + "'. Write it as in ./dist", e);
        }
    }
}
