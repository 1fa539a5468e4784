package tunnel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static tunnel.protocol.Options.ANY_PORT_WILL_DO;
import static tunnel.protocol.Options.LOCAL_WAIT;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import tunnel.net.Cidr;
import tunnel.protocol.EdgeOptions.Credential;
import tunnel.protocol.EdgeOptions.FieldEdit;

/// The edge's options to bytes and back. `docs/protocol.md` has their layout.
final class EdgeWire {
    private static final int HOST = 2;
    private static final int BASIC_AUTH = 3;
    private static final int ALLOW = 4;
    private static final int DENY = 5;
    private static final int MAX_BODY = 6;
    private static final int RATE = 7;
    private static final int RESPONSE_TIMEOUT = 8;
    private static final int HOST_HEADER = 9;
    private static final int REQUEST_FIELD = 10;
    private static final int RESPONSE_FIELD = 11;

    static final int[] TYPES = {
        ANY_PORT_WILL_DO, HOST, BASIC_AUTH, ALLOW, DENY, MAX_BODY, RATE, RESPONSE_TIMEOUT, HOST_HEADER, REQUEST_FIELD,
        RESPONSE_FIELD, LOCAL_WAIT
    };

    private static final int LONGEST = 8 << 10; // well above what any one of them has

    private EdgeWire() {}

    static Options encode(EdgeOptions edge, Options base) {
        List<Options.Option> list = new ArrayList<>(base.list());
        putAll(edge.hosts(), HOST, EdgeWire::putText, list);
        putAll(edge.credentials(), BASIC_AUTH, EdgeWire::putCredential, list);
        putAll(edge.allow(), ALLOW, EdgeWire::putBlock, list);
        putAll(edge.deny(), DENY, EdgeWire::putBlock, list);
        putAll(edge.maxBody() == 0 ? List.of() : List.of(edge.maxBody()), MAX_BODY, (most, out) -> out.putLong(most), list);
        putAll(edge.rate() == 0 ? List.of() : List.of(edge.rate()), RATE, (rate, out) -> out.putInt(rate), list);
        putAll(
                edge.responseTimeout().isZero() ? List.of() : List.of(edge.responseTimeout()),
                RESPONSE_TIMEOUT,
                (timeout, out) -> out.putInt((int) timeout.toMillis()),
                list);
        putAll(edge.hostHeader().isEmpty() ? List.of() : List.of(edge.hostHeader()), HOST_HEADER, EdgeWire::putText, list);
        putAll(edge.requestFields(), REQUEST_FIELD, EdgeWire::putField, list);
        putAll(edge.responseFields(), RESPONSE_FIELD, EdgeWire::putField, list);
        return new Options(list);
    }

    private static <T> void putAll(
            List<T> values, int type, BiConsumer<T, ByteBuffer> put, List<Options.Option> list) {
        for (T value : values) {
            ByteBuffer out = ByteBuffer.allocate(LONGEST);
            put.accept(value, out);
            out.flip();
            list.add(new Options.Option(type, true, Bytes.read(out, out.remaining())));
        }
    }

    private static void putText(String text, ByteBuffer out) {
        out.put(text.getBytes(UTF_8));
    }

    private static void putCredential(Credential credential, ByteBuffer out) {
        credential.salt().write(out);
        credential.hash().write(out);
    }

    private static void putBlock(Cidr block, ByteBuffer out) {
        out.put(block.base().getAddress()).put((byte) block.prefix());
    }

    private static void putField(FieldEdit field, ByteBuffer out) {
        Fields.putString(field.name(), out);
        Fields.putString(field.value(), out);
    }

    /// Reads one option's value, which is all of `in`.
    private interface Reading<T> {
        T read(ByteBuffer in) throws ProtocolException;
    }

    static EdgeOptions decode(Options options) {
        return new EdgeOptions(
                all(options, HOST, EdgeWire::text),
                all(options, BASIC_AUTH, EdgeWire::credential),
                all(options, ALLOW, EdgeWire::block),
                all(options, DENY, EdgeWire::block),
                first(options, MAX_BODY, in -> positive(in.getLong(), Long.MAX_VALUE, "a body's most"), 0L),
                (int) (long) first(options, RATE, in -> positive(in.getInt(), EdgeOptions.MOST_RATE, "a rate"), 0L),
                Duration.ofMillis(first(options, RESPONSE_TIMEOUT, EdgeWire::millis, 0L)),
                first(options, HOST_HEADER, EdgeWire::hostHeader, ""),
                all(options, REQUEST_FIELD, EdgeWire::field),
                all(options, RESPONSE_FIELD, EdgeWire::field));
    }

    private static <T> List<T> all(Options options, int type, Reading<T> reading) {
        List<T> values = new ArrayList<>();
        for (Options.Option option : options.list()) {
            if (option.type() == type) {
                values.add(read(option, reading));
            }
        }
        return values;
    }

    private static <T> T first(Options options, int type, Reading<T> reading, T otherwise) {
        for (Options.Option option : options.list()) {
            if (option.type() == type) {
                return read(option, reading);
            }
        }
        return otherwise;
    }

    private static <T> T read(Options.Option option, Reading<T> reading) {
        ByteBuffer in = ByteBuffer.wrap(option.value().toArray());
        T value;
        try {
            value = reading.read(in);
        } catch (BufferUnderflowException | ProtocolException e) {
            throw new IllegalArgumentException("option " + option.type() + " of Bind is malformed", e);
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("option " + option.type() + " of Bind is too long");
        }
        return value;
    }

    private static String text(ByteBuffer in) throws ProtocolException {
        return Fields.text(in, in.remaining());
    }

    private static String hostHeader(ByteBuffer in) throws ProtocolException {
        return HostNames.checkHeader(text(in)); // empty is none, and none is not sent
    }

    private static Credential credential(ByteBuffer in) {
        return new Credential(Bytes.read(in, Credential.SALT_LENGTH), Bytes.read(in, Credential.HASH_LENGTH));
    }

    private static Cidr block(ByteBuffer in) throws ProtocolException {
        if (in.remaining() != 4 + 1 && in.remaining() != 16 + 1) {
            throw new ProtocolException("an address of " + (in.remaining() - 1) + " bytes");
        }
        try {
            byte[] address = Bytes.read(in, in.remaining() - 1).toArray();
            return Cidr.of(InetAddress.getByAddress(address), Byte.toUnsignedInt(in.get()), address.length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }

    private static FieldEdit field(ByteBuffer in) throws ProtocolException {
        return new FieldEdit(Fields.string(in), Fields.string(in));
    }

    private static long millis(ByteBuffer in) {
        return positive(in.getInt(), EdgeOptions.LONGEST_TIMEOUT.toMillis(), "a response timeout");
    }

    private static long positive(long value, long most, String what) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(what + " of " + value + " is out of range");
        }
        return value;
    }
}
