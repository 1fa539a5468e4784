package tunnel.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes: an id, a nonce, a key or a proof. Compared in constant time, and never printed by accident.
public final class Bytes {
    /// No bytes.
    public static final Bytes NONE = new Bytes(new byte[0]);

    private static final SecureRandom random = new SecureRandom();

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /// A copy of `value`.
    public static Bytes of(byte... value) {
        return new Bytes(value.clone());
    }

    /// `length` bytes from the system's cryptographic generator.
    public static Bytes random(int length) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        return new Bytes(value);
    }

    /// Reads hexadecimal digits.
    ///
    /// @throws IllegalArgumentException for anything else
    public static Bytes ofHex(String digits) {
        return new Bytes(HexFormat.of().parseHex(digits));
    }

    /// A number in 8 bytes, big-endian.
    public static Bytes ofNumber(long number) {
        return new Bytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /// The number in 8 bytes; -1 where it is none, or below 0.
    public long number() {
        return value.length == Long.BYTES ? Math.max(-1, ByteBuffer.wrap(value).getLong()) : -1;
    }

    static Bytes read(ByteBuffer from, int length) {
        byte[] value = new byte[length];
        from.get(value);
        return new Bytes(value);
    }

    void write(ByteBuffer to) {
        to.put(value);
    }

    public int length() {
        return value.length;
    }

    /// A copy.
    public byte[] toArray() {
        return value.clone();
    }

    /// The bytes in hexadecimal. Not for logs where they are a secret.
    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    /// Byte by byte exclusive or of two runs of one length.
    Bytes xor(Bytes other) {
        if (other.value.length != value.length) {
            throw new IllegalArgumentException("lengths differ");
        }
        byte[] result = value.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= other.value[i];
        }
        return new Bytes(result);
    }

    /// The first `length` bytes.
    Bytes first(int length) {
        return new Bytes(Arrays.copyOf(value, length));
    }

    /// In constant time for one length.
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && MessageDigest.isEqual(value, bytes.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return value.length + " bytes";
    }
}
