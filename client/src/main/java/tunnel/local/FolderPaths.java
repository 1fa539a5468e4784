package tunnel.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Where the path of a request leads in a folder: never out of it, never to what is hidden, whatever it says or links to.
///
/// @param folder its real path
record FolderPaths(Path folder) {
    /// The real path of a regular file or folder, or null.
    @Nullable Path find(URI uri) {
        String raw = uri.getRawPath();
        if (raw == null || !raw.startsWith("/") || (uri.getScheme() == null && uri.getRawAuthority() != null)) {
            return null; // `//example.org/x` is taken for a host by URI, and by browsers
        }
        Path path = folder;
        for (String segment : raw.split("/", -1)) {
            String name = decoded(segment);
            if (name == null || isHidden(name) || name.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 0x7F)) {
                return null;
            }
            try {
                path = path.resolve(name);
            } catch (InvalidPathException e) {
                return null;
            }
        }
        return raw.endsWith("/") && !Files.isDirectory(path) ? null : shown(path);
    }

    /// What stands at a path, where a visitor may see it: links may lead from place to place within the folder.
    @Nullable Path shown(Path path) {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(folder)) {
                return null;
            }
            for (Path name : folder.relativize(real)) {
                if (isHidden(name.toString())) {
                    return null;
                }
            }
            boolean plain = Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)
                    || Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS); // reading a pipe would wait for its writer
            return plain && Files.isReadable(real) ? real : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".");
    }

    /// A segment without its percent signs, or null where it is not well-formed UTF-8.
    private static @Nullable String decoded(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= segment.length() || !isHex(segment.charAt(i + 1)) || !isHex(segment.charAt(i + 2))) {
                return null;
            }
            bytes.write(HexFormat.fromHexDigits(segment, i + 1, i + 3));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    /// A name as one segment of a URL (RFC 3986, section 2.3).
    static String encoded(String name) {
        StringBuilder url = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0) {
                url.append(c);
            } else {
                url.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return url.toString();
    }
}
