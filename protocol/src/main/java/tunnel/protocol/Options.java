package tunnel.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The type-length-value options by which a frame can grow. Their order is kept, so that what was read encodes to the same
/// bytes again, which proofs rely on.
public record Options(List<Option> list) {
    public static final Options NONE = new Options(List.of());

    /// In `Init`: the id (16 bytes) of the session that this one continues, and the proof (32 bytes) of its secret.
    public static final int PREVIOUS_SESSION = 1;
    /// In `Welcome`, UTF-8 for people: the token's name, and what it may have.
    public static final int RIGHTS = 1;
    /// In `Bind`, empty: where the port wished for is not free, another one will do.
    public static final int ANY_PORT_WILL_DO = 1;
    /// In `Bind`, see {@link LocalWait}. Types 2 to 11 are those of {@link EdgeOptions}.
    public static final int LOCAL_WAIT = 12;
    /// In `Open`: for how many microseconds the visitor has waited before it, 8 bytes.
    public static final int WAITED = 1;

    /// One option.
    ///
    /// @param type 0 to 0x7FFF; what it means depends on the frame
    /// @param mustUnderstand whether a receiver that does not know the type has to refuse the frame
    public record Option(int type, boolean mustUnderstand, Bytes value) {
        public Option {
            if (type < 0 || type > 0x7FFF || value.length() > 0xFFFF) {
                throw new IllegalArgumentException("not an option: type " + type + ", " + value);
            }
        }
    }

    public Options {
        list = List.copyOf(list);
    }

    /// These and one more, which a receiver may pass over.
    public Options with(int type, Bytes value) {
        List<Option> more = new ArrayList<>(list);
        more.add(new Option(type, false, value));
        return new Options(more);
    }

    /// The value of the first option of a type, or null.
    public @Nullable Bytes get(int type) {
        for (Option option : list) {
            if (option.type == type) {
                return option.value;
            }
        }
        return null;
    }

    /// The first option that the sender insists on and that is none of `known`, or null. Its frame is to be refused.
    public @Nullable Option firstUnknown(int... known) {
        for (Option option : list) {
            boolean isKnown = false;
            for (int type : known) {
                isKnown |= type == option.type;
            }
            if (option.mustUnderstand && !isKnown) {
                return option;
            }
        }
        return null;
    }
}
