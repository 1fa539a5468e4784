package tunnel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import tunnel.net.Cidr;

/// What a client wants the HTTP edge to do for one tunnel, as it travels in the options of `Bind`. One that exists is within
/// all bounds: whoever makes or decodes one gets an `IllegalArgumentException` with a sentence for the user otherwise.
///
/// @param hosts custom hosts, in lower case, without a port
/// @param credentials who may come in by basic authentication; all may where there are none
/// @param allow visitors' addresses that are let in; all are where there are none
/// @param deny visitors' addresses that are not, whatever `allow` says
/// @param maxBody the most bytes that a request's body may have, or 0 for any
/// @param rate requests a second that one visitor's address may make, or 0 for any
/// @param responseTimeout for the local service to begin its response, or zero for the server's default
/// @param hostHeader the Host that the local service sees, or empty for the visitor's
/// @param requestFields that are set or removed on the way to the local service
/// @param responseFields that are set or removed on the way back
public record EdgeOptions(
        List<String> hosts,
        List<Credential> credentials,
        List<Cidr> allow,
        List<Cidr> deny,
        long maxBody,
        int rate,
        Duration responseTimeout,
        String hostHeader,
        List<FieldEdit> requestFields,
        List<FieldEdit> responseFields) {
    // Together with the name they fit into one Bind, which has at most 16 KiB.
    public static final int MOST_HOSTS = 20;
    public static final int MOST_CREDENTIALS = 20;
    public static final int MOST_BLOCKS = 100;
    public static final int MOST_FIELD_BYTES = 4 << 10;

    /// Longer than any request is worth waiting for.
    public static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

    public static final int MOST_RATE = 1_000_000;

    public static final EdgeOptions NONE = new EdgeOptions(
            List.of(), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(), List.of());

    public EdgeOptions {
        credentials = List.copyOf(credentials);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        requestFields = List.copyOf(requestFields);
        responseFields = List.copyOf(responseFields);
        hosts.forEach(HostNames::checkLowerCase);
        if (!hostHeader.isEmpty()) {
            HostNames.checkHeader(hostHeader);
        }
        check(hosts.size() <= MOST_HOSTS, "more than " + MOST_HOSTS + " hosts for one tunnel");
        check(credentials.size() <= MOST_CREDENTIALS, "more than " + MOST_CREDENTIALS + " users for one tunnel");
        check(allow.size() + deny.size() <= MOST_BLOCKS,
                "more than " + MOST_BLOCKS + " blocks of addresses for one tunnel");
        check(maxBody >= 0, "a body's most must not be negative");
        check(rate >= 0 && rate <= MOST_RATE, "a rate of " + rate + "/s is not between 1 and " + MOST_RATE);
        check(!responseTimeout.isNegative() && responseTimeout.compareTo(LONGEST_TIMEOUT) <= 0,
                "a response timeout of " + responseTimeout.toMillis() + " ms is not between 1 ms and 24 h");
        check(bytes(requestFields) + bytes(responseFields) <= MOST_FIELD_BYTES,
                "the header fields to set have more than " + MOST_FIELD_BYTES + " bytes in all");
        hosts = hosts.stream().distinct().toList();
    }

    private static void check(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /// As many as they have on the wire, so that many small ones do not pass either.
    private static int bytes(List<FieldEdit> fields) {
        return fields.stream().mapToInt(field -> 8 + field.name().length() + field.value().length()).sum();
    }

    /// `base` and these, each of which the server must understand or refuse the tunnel.
    public Options encode(Options base) {
        return EdgeWire.encode(this, base);
    }

    /// What the options of a `Bind` say, whose types are among {@link #typesOfBind}.
    ///
    /// @throws IllegalArgumentException with a sentence for the user, for what no honest client sends too
    public static EdgeOptions decode(Options options) {
        return EdgeWire.decode(options);
    }

    /// All types of options that `Bind` has, for {@link Options#firstUnknown}.
    public static int[] typesOfBind() {
        return EdgeWire.TYPES.clone();
    }

    /// A user and a password, of which the server only ever has a salted hash.
    ///
    /// @param salt 16 random bytes
    /// @param hash SHA-256 of the salt and `USER:PASSWORD` in UTF-8
    public record Credential(Bytes salt, Bytes hash) {
        static final int SALT_LENGTH = 16;
        static final int HASH_LENGTH = 32;

        public Credential {
            check(salt.length() == SALT_LENGTH && hash.length() == HASH_LENGTH, "not a salt and a hash");
        }

        /// With a new salt.
        ///
        /// @param user without a colon
        public static Credential of(String user, String password) {
            check(!user.isEmpty() && user.indexOf(':') < 0 && !password.isEmpty(), "a user and a password are needed");
            Bytes salt = Bytes.random(SALT_LENGTH);
            return new Credential(salt, hash(salt, (user + ":" + password).getBytes(UTF_8)));
        }

        private static Bytes hash(Bytes salt, byte[] userColonPassword) {
            return Crypto.sha256(salt, Bytes.of(userColonPassword));
        }

        /// Whether this is the user and password, in constant time.
        public boolean matches(byte[] userColonPassword) {
            return hash.equals(hash(salt, userColonPassword));
        }
    }

    /// A header field to set, in place of all of its name, or to remove.
    ///
    /// @param name a token that is none of those by which HTTP itself works, or which the edge writes
    /// @param value empty to remove
    public record FieldEdit(String name, String value) {
        public FieldEdit {
            HeaderFields.checkName(name);
            HeaderFields.checkValue(value);
        }
    }
}
