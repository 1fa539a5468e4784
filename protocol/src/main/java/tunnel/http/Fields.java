package tunnel.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/// The fields of a head or of a trailer section: where each is in the buffer that was read, in the order in which they came.
/// Used again for message after message; one thread at a time.
public final class Fields {
    /// The most fields that a head may have: Apache's bound, which nobody's browser comes near.
    static final int MOST = 100;
    /// The most bytes that they may have in all: browsers send 1 to 4 KiB, cookies at their worst 20.
    static final int MOST_BYTES = 32 << 10;

    private static final int USUAL = 16;
    private static final int PLACES = 4; // of one field: its name's start and end, its value's start and end

    private FieldName[] names = new FieldName[USUAL];
    private boolean[] dropped = new boolean[USUAL];
    private int[] places = new int[USUAL * PLACES];
    private int count;
    private long seen; // a bit for each known name

    void clear() {
        count = 0;
        seen = 0;
    }

    /// Reads one line, without its CR LF, in which there are no control characters.
    void add(ByteBuffer bytes, int from, int to) throws BadMessageException {
        if (count == MOST) {
            throw new BadMessageException(Rule.TOO_MANY_FIELDS);
        }
        int colon = from;
        while (colon < to && Octets.isToken(bytes.get(colon))) {
            colon++;
        }
        if (colon == to || bytes.get(colon) != ':' || colon == from) {
            throw new BadMessageException(brokenRule(bytes, from, colon, to));
        }
        int start = colon + 1;
        while (start < to && Octets.isBlank(bytes.get(start))) {
            start++;
        }
        int end = to;
        while (end > start && Octets.isBlank(bytes.get(end - 1))) {
            end--;
        }
        note(FieldName.find(bytes, from, colon), from, colon, start, end);
    }

    private static Rule brokenRule(ByteBuffer bytes, int from, int stop, int to) {
        if (stop == from) {
            return Octets.isBlank(bytes.get(from)) ? Rule.FOLDED : bytes.get(from) == ':' ? Rule.NAME_EMPTY : Rule.NAME_NOT_TOKEN;
        }
        if (stop == to) {
            return Rule.NO_COLON;
        }
        int next = stop;
        while (next < to && Octets.isBlank(bytes.get(next))) {
            next++;
        }
        return next > stop && next < to && bytes.get(next) == ':' ? Rule.SPACE_BEFORE_COLON : Rule.NAME_NOT_TOKEN;
    }

    private void note(FieldName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            dropped = Arrays.copyOf(dropped, count * 2);
            places = Arrays.copyOf(places, count * 2 * PLACES);
        }
        names[count] = name;
        dropped[count] = false;
        places[count * PLACES] = nameStart;
        places[count * PLACES + 1] = nameEnd;
        places[count * PLACES + 2] = valueStart;
        places[count * PLACES + 3] = valueEnd;
        count++;
        seen |= name.bit();
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// What the field is, `OTHER` for most.
    public FieldName name(int field) {
        return names[field];
    }

    /// Whether it is named in `Connection`, and so meant for this hop alone.
    public boolean isDropped(int field) {
        return dropped[field];
    }

    int nameStart(int field) {
        return places[field * PLACES];
    }

    int nameEnd(int field) {
        return places[field * PLACES + 1];
    }

    int valueStart(int field) {
        return places[field * PLACES + 2];
    }

    int valueEnd(int field) {
        return places[field * PLACES + 3];
    }

    /// The first field of a name at or behind `from`, or -1.
    public int find(FieldName name, int from) {
        if ((seen & name.bit()) == 0) {
            return -1;
        }
        for (int field = from; field < count; field++) {
            if (names[field] == name) {
                return field;
            }
        }
        return -1;
    }

    boolean isRepeated(FieldName name) {
        int first = find(name, 0);
        return first >= 0 && find(name, first + 1) >= 0;
    }

    boolean isNamed(ByteBuffer bytes, int field, String lower) {
        return Octets.equalButForUnderscores(bytes, nameStart(field), nameEnd(field), lower);
    }

    /// Drops all fields that have the name in `[from, to)`.
    void drop(ByteBuffer bytes, int from, int to) {
        String lower = null;
        for (int field = 0; field < count; field++) {
            if (nameEnd(field) - nameStart(field) == to - from) {
                lower = lower != null ? lower : Octets.text(bytes, from, to).toLowerCase(Locale.ROOT);
                dropped[field] |= Octets.equal(bytes, nameStart(field), nameEnd(field), lower);
            }
        }
    }
}
