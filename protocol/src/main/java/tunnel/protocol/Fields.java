package tunnel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import tunnel.net.PeerFault;

/// The pieces that frames are made of, to bytes and back. What comes from the wire is checked here.
final class Fields {
    private static final int MAGIC = 0x54554E4C; // "TUNL"

    private Fields() {}

    static void putVersions(VersionRange versions, ByteBuffer out) {
        out.putInt(MAGIC).putShort((short) versions.lowest()).putShort((short) versions.highest());
    }

    static VersionRange versions(ByteBuffer in) throws PeerFault {
        if (in.getInt() != MAGIC) {
            throw new ProtocolException("the magic is wrong: not a tunnel client");
        }
        VersionRange theirs = new VersionRange(Short.toUnsignedInt(in.getShort()), Short.toUnsignedInt(in.getShort()));
        if (theirs.common(VersionRange.OURS) == 0) {
            throw new VersionMismatch(theirs);
        }
        return theirs;
    }

    static void putOptions(Options options, ByteBuffer out) {
        int start = out.position();
        out.putShort((short) 0);
        for (Options.Option option : options.list()) {
            out.putShort((short) (option.type() | (option.mustUnderstand() ? 0x8000 : 0)));
            putBytes(option.value(), out);
        }
        out.putShort(start, (short) (out.position() - start - 2));
    }

    static Options options(ByteBuffer in) throws ProtocolException {
        int end = Short.toUnsignedInt(in.getShort()) + in.position();
        if (end == in.position()) {
            return Options.NONE;
        }
        List<Options.Option> list = new ArrayList<>();
        while (in.position() < end) {
            int type = Short.toUnsignedInt(in.getShort());
            list.add(new Options.Option(type & 0x7FFF, (type & 0x8000) != 0, bytes(in)));
        }
        if (in.position() != end) {
            throw new ProtocolException("an option runs over the end of its list");
        }
        return new Options(list);
    }

    static void putAddress(InetSocketAddress address, ByteBuffer out) {
        byte[] ip = address.getAddress().getAddress();
        out.put((byte) ip.length).put(ip).putShort((short) address.getPort());
    }

    static InetSocketAddress address(ByteBuffer in) throws ProtocolException {
        int length = Byte.toUnsignedInt(in.get());
        if (length != 4 && length != 16) {
            throw new ProtocolException("an address of " + length + " bytes");
        }
        try {
            InetAddress ip = InetAddress.getByAddress(Bytes.read(in, length).toArray());
            return new InetSocketAddress(ip, Short.toUnsignedInt(in.getShort()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }

    static void putCode(Coded code, ByteBuffer out) {
        out.putShort((short) code.code());
    }

    static <E extends Enum<E> & Coded> E code(Class<E> type, ByteBuffer in) {
        return Coded.of(type, Short.toUnsignedInt(in.getShort()));
    }

    static void putBytes(Bytes bytes, ByteBuffer out) {
        out.putShort((short) bytes.length());
        bytes.write(out);
    }

    static Bytes bytes(ByteBuffer in) throws ProtocolException {
        return Bytes.read(in, length(in));
    }

    static void putString(String string, ByteBuffer out) {
        byte[] bytes = string.getBytes(UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    static String string(ByteBuffer in) throws ProtocolException {
        return text(in, length(in));
    }

    /// UTF-8 of a length that is known otherwise, and was checked.
    static String text(ByteBuffer in, int length) throws ProtocolException {
        byte[] bytes = new byte[length];
        in.get(bytes);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("a string is not UTF-8");
        }
    }

    private static int length(ByteBuffer in) throws ProtocolException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new ProtocolException("a field of " + length + " bytes runs over the end of its frame");
        }
        return length;
    }

    static int tunnel(ByteBuffer in) throws ProtocolException {
        return positive(in.getInt(), "tunnel");
    }

    static long stream(ByteBuffer in) throws ProtocolException {
        long stream = in.getLong();
        if (stream <= 0) {
            throw new ProtocolException("stream number " + stream + " is out of range");
        }
        return stream;
    }

    static int positive(int value, String what) throws ProtocolException {
        if (value == 0) {
            throw new ProtocolException(what + " must not be 0");
        }
        return notNegative(value, what);
    }

    static int notNegative(int value, String what) throws ProtocolException {
        if (value < 0) {
            throw new ProtocolException(what + " " + value + " is out of range");
        }
        return value;
    }
}
