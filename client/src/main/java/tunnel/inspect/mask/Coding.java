package tunnel.inspect.mask;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Content codings (RFC 9110, section 8.4.1) that the JDK can decode: gzip and deflate. It has nothing for br and zstd.
public final class Coding {
    private Coding() {}

    /// What a body is, decoded.
    ///
    /// @param truncated whether there is more than was asked for, or the end is missing
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Decoded(byte[] bytes, boolean truncated) {}

    /// Whether there is nothing to decode.
    public static boolean isIdentity(String encoding) {
        return encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
    }

    /// Decodes what there is, of a body that may be cut off, up to `most` bytes.
    ///
    /// @return null where it cannot be decoded
    public static @Nullable Decoded decode(byte[] bytes, String encoding, int most) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> read(bytes, most, GZIPInputStream::new);
            case "deflate" -> deflate(bytes, most);
            default -> null;
        };
    }

    /// With the zlib frame that the RFC wants, or without it as some send it.
    private static @Nullable Decoded deflate(byte[] bytes, int most) {
        Decoded framed = read(bytes, most, InflaterInputStream::new);
        if (framed != null) {
            return framed;
        }
        Inflater raw = new Inflater(true);
        try {
            return read(bytes, most, in -> new InflaterInputStream(in, raw));
        } finally {
            raw.end();
        }
    }

    @FunctionalInterface
    private interface Decoder {
        InputStream over(InputStream in) throws IOException;
    }

    private static @Nullable Decoded read(byte[] bytes, int most, Decoder decoder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = decoder.over(new ByteArrayInputStream(bytes))) {
            byte[] chunk = new byte[8 << 10];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                int fits = Math.min(read, most - out.size());
                out.write(chunk, 0, fits);
                if (fits < read) {
                    return new Decoded(out.toByteArray(), true);
                }
            }
            return new Decoded(out.toByteArray(), false);
        } catch (EOFException e) {
            return new Decoded(out.toByteArray(), true);
        } catch (ZipException e) {
            return out.size() > 0 ? new Decoded(out.toByteArray(), true) : null;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }
}
