package tunnel.protocol;

import static tunnel.protocol.Fields.address;
import static tunnel.protocol.Fields.bytes;
import static tunnel.protocol.Fields.code;
import static tunnel.protocol.Fields.notNegative;
import static tunnel.protocol.Fields.options;
import static tunnel.protocol.Fields.positive;
import static tunnel.protocol.Fields.putAddress;
import static tunnel.protocol.Fields.putBytes;
import static tunnel.protocol.Fields.putCode;
import static tunnel.protocol.Fields.putOptions;
import static tunnel.protocol.Fields.putString;
import static tunnel.protocol.Fields.putVersions;
import static tunnel.protocol.Fields.stream;
import static tunnel.protocol.Fields.string;
import static tunnel.protocol.Fields.tunnel;
import static tunnel.protocol.Fields.versions;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.PeerFault;
import tunnel.protocol.Frame.Accepted;
import tunnel.protocol.Frame.Ack;
import tunnel.protocol.Frame.Assigned;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Frame.Challenge;
import tunnel.protocol.Frame.Close;
import tunnel.protocol.Frame.Data;
import tunnel.protocol.Frame.DataInit;
import tunnel.protocol.Frame.End;
import tunnel.protocol.Frame.GoAway;
import tunnel.protocol.Frame.Init;
import tunnel.protocol.Frame.Open;
import tunnel.protocol.Frame.OpenData;
import tunnel.protocol.Frame.Opened;
import tunnel.protocol.Frame.Ping;
import tunnel.protocol.Frame.Pong;
import tunnel.protocol.Frame.Ready;
import tunnel.protocol.Frame.Refused;
import tunnel.protocol.Frame.Reject;
import tunnel.protocol.Frame.Reset;
import tunnel.protocol.Frame.Unbind;
import tunnel.protocol.Frame.Welcome;

/// Frames to bytes and back. Every frame has a 4-byte header, its type and the length of its payload in 3 bytes; integers
/// are big-endian, strings UTF-8 behind a 2-byte length. What decodes encodes to the same bytes again.
public final class Codec {
    /// Bytes before every payload.
    public static final int HEADER = 4;
    /// The most a payload may have before its sender has proved who it is.
    public static final int LIMIT_BEFORE_AUTHENTICATION = 1 << 10;
    /// The most a payload other than that of `Data` may have.
    public static final int LIMIT_CONTROL = 16 << 10;
    /// The most a payload of `Data` may have.
    public static final int LIMIT_DATA = 64 << 10;
    /// A frame of `Data` in bulk, header included: four TLS records, into which the JDK puts 16,367 bytes each. A fifth one for the
    /// rest would cost both sides as much as a large one. What a visitor sends in chunks does not keep to it.
    public static final int BULK_FRAME = 4 * 16_367;
    /// Types from here on may be skipped by who does not know them.
    public static final int FIRST_OPTIONAL_TYPE = 0x80;

    static final int DATA = 0x15;
    static final int ID_LENGTH = 16;
    static final int KEY_LENGTH = 32;

    private Codec() {}

    /// Writes a frame's header and payload at the buffer's position; the payload of `Data` is copied.
    ///
    /// @throws java.nio.BufferOverflowException when the frame is larger than what remains
    public static void encode(Frame frame, ByteBuffer out) {
        int start = out.position();
        out.putInt(0);
        int type = encodePayload(frame, out);
        putHeader(out, start, type, out.position() - start - HEADER);
    }

    static void putHeader(ByteBuffer out, int at, int type, int length) {
        out.putInt(at, type << 24 | length);
    }

    // How each frame is laid out is here once to write and below once to read, in the same order.
    private static int encodePayload(Frame frame, ByteBuffer out) {
        return switch (frame) {
            case Challenge f -> {
                f.nonce().write(out);
                yield 0x01;
            }
            case Init f -> {
                putVersions(f.versions(), out);
                f.token().write(out);
                f.nonce().write(out);
                putOptions(f.options(), out);
                f.proof().write(out);
                yield 0x02;
            }
            case Welcome f -> {
                out.putShort((short) f.version());
                f.session().write(out);
                putBytes(f.secret(), out);
                putBytes(f.proof(), out);
                out.putInt(f.heartbeatMillis());
                putOptions(f.options(), out);
                yield 0x03;
            }
            case Reject f -> {
                out.putInt(f.tunnel());
                putCode(f.code(), out);
                putString(f.message(), out);
                yield 0x04;
            }
            case Bind f -> {
                out.putInt(f.tunnel());
                putCode(f.protocol(), out);
                putString(f.name(), out);
                out.putShort((short) f.port());
                putOptions(f.options(), out);
                yield 0x05;
            }
            case Assigned f -> {
                out.putInt(f.tunnel());
                putString(f.name(), out);
                out.putShort((short) f.urls().size());
                for (String url : f.urls()) {
                    putString(url, out);
                }
                out.putShort((short) f.port());
                putOptions(f.options(), out);
                yield 0x06;
            }
            case Ack f -> {
                out.putInt(f.tunnel());
                yield 0x07;
            }
            case Ready f -> {
                out.putInt(f.tunnel());
                yield 0x08;
            }
            case Unbind f -> {
                out.putInt(f.tunnel());
                yield 0x09;
            }
            case OpenData f -> {
                out.putInt(f.target());
                yield 0x0A;
            }
            case Ping f -> {
                out.putLong(f.id());
                yield 0x0B;
            }
            case Pong f -> {
                out.putLong(f.id());
                yield 0x0C;
            }
            case GoAway f -> {
                putString(f.message(), out);
                yield 0x0D;
            }
            case Close f -> {
                putCode(f.code(), out);
                putString(f.message(), out);
                yield 0x0E;
            }
            case DataInit f -> {
                putVersions(f.versions(), out);
                f.session().write(out);
                putOptions(f.options(), out);
                f.proof().write(out);
                yield 0x10;
            }
            case Open f -> {
                out.putLong(f.stream());
                out.putInt(f.tunnel());
                putAddress(f.visitor(), out);
                putOptions(f.options(), out);
                yield 0x11;
            }
            case Accepted f -> {
                out.putLong(f.stream());
                yield 0x12;
            }
            case Opened f -> {
                out.putLong(f.stream());
                yield 0x13;
            }
            case Refused f -> {
                out.putLong(f.stream());
                putCode(f.reason(), out);
                putString(f.message(), out);
                yield 0x14;
            }
            case Data f -> {
                out.put(f.payload().duplicate());
                yield DATA;
            }
            case End f -> {
                out.putLong(f.stream());
                yield 0x16;
            }
            case Reset f -> {
                out.putLong(f.stream());
                yield 0x17;
            }
        };
    }

    /// Reads one frame's payload, all of it.
    ///
    /// @param payload from its position to its limit; not kept, but for the view in `Data`
    /// @return null for an unknown type that may be skipped
    /// @throws ProtocolException for an unknown type, a payload that is too short or too long, or a value out of range
    /// @throws VersionMismatch for a first frame of a peer that speaks none of our versions
    public static @Nullable Frame decode(int type, ByteBuffer payload) throws PeerFault {
        try {
            Frame frame = decodePayload(type, payload);
            if (frame != null && payload.hasRemaining()) {
                throw new ProtocolException("%s has %d bytes too many"
                        .formatted(frame.getClass().getSimpleName(), payload.remaining()));
            }
            return frame;
        } catch (BufferUnderflowException e) {
            throw new ProtocolException("frame of type 0x%02x is too short".formatted(type));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("frame of type 0x%02x: %s".formatted(type, e.getMessage()));
        }
    }

    private static @Nullable Frame decodePayload(int type, ByteBuffer in) throws PeerFault {
        return switch (type) {
            case 0x01 -> new Challenge(Bytes.read(in, KEY_LENGTH));
            case 0x02 ->
                new Init(
                        versions(in),
                        Bytes.read(in, ID_LENGTH),
                        Bytes.read(in, KEY_LENGTH),
                        options(in),
                        Bytes.read(in, KEY_LENGTH));
            case 0x03 ->
                new Welcome(
                        positive(Short.toUnsignedInt(in.getShort()), "version"),
                        Bytes.read(in, ID_LENGTH),
                        bytes(in),
                        bytes(in),
                        positive(in.getInt(), "heartbeat"),
                        options(in));
            case 0x04 ->
                new Reject(notNegative(in.getInt(), "tunnel"), code(RejectCode.class, in), string(in));
            case 0x05 -> bind(in);
            case 0x06 -> assigned(in);
            case 0x07 -> new Ack(tunnel(in));
            case 0x08 -> new Ready(tunnel(in));
            case 0x09 -> new Unbind(tunnel(in));
            case 0x0A -> new OpenData(notNegative(in.getInt(), "target"));
            case 0x0B -> new Ping(in.getLong());
            case 0x0C -> new Pong(in.getLong());
            case 0x0D -> new GoAway(string(in));
            case 0x0E -> new Close(code(CloseCode.class, in), string(in));
            case 0x10 -> new DataInit(versions(in), Bytes.read(in, ID_LENGTH), options(in), Bytes.read(in, KEY_LENGTH));
            case 0x11 -> new Open(stream(in), tunnel(in), address(in), options(in));
            case 0x12 -> new Accepted(stream(in));
            case 0x13 -> new Opened(stream(in));
            case 0x14 -> new Refused(stream(in), code(RefuseReason.class, in), string(in));
            case DATA -> data(in);
            case 0x16 -> new End(stream(in));
            case 0x17 -> new Reset(stream(in));
            default -> {
                if (type < FIRST_OPTIONAL_TYPE) {
                    throw new ProtocolException("unknown frame type 0x%02x".formatted(type));
                }
                in.position(in.limit());
                yield null;
            }
        };
    }

    private static Bind bind(ByteBuffer in) throws ProtocolException {
        int tunnel = tunnel(in);
        int protocol = Short.toUnsignedInt(in.getShort());
        for (TunnelProtocol one : TunnelProtocol.values()) {
            if (one.code() == protocol) {
                return new Bind(tunnel, one, string(in), Short.toUnsignedInt(in.getShort()), options(in));
            }
        }
        throw new ProtocolException("Bind asks for unknown protocol " + protocol);
    }

    private static Assigned assigned(ByteBuffer in) throws ProtocolException {
        int tunnel = tunnel(in);
        String name = string(in);
        int count = Short.toUnsignedInt(in.getShort());
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            urls.add(string(in));
        }
        return new Assigned(tunnel, name, urls, Short.toUnsignedInt(in.getShort()), options(in));
    }

    private static Data data(ByteBuffer in) throws ProtocolException {
        ByteBuffer view = in.slice();
        in.position(in.limit());
        if (!view.hasRemaining()) {
            throw new ProtocolException("Data is empty");
        }
        return new Data(view);
    }
}
