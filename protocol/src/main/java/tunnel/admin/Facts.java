package tunnel.admin;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A line about what something is at present, as a running program says it: `session id=17 token=first`. Programs of different
/// versions may ask each other: what is not said is empty or 0, what is not asked for is passed over.
///
/// @param kind of thing
/// @param known by name, in the order in which it was said
public record Facts(String kind, Map<String, String> known) {
    /// Of a list's elements.
    private static final String BETWEEN = " ";

    public static Facts of(String kind) {
        return new Facts(kind, new LinkedHashMap<>());
    }

    /// Adds one.
    ///
    /// @param name without `=`
    public Facts with(String name, Object value) {
        known.put(name, value.toString());
        return this;
    }

    /// Adds a list, of elements without spaces.
    public Facts with(String name, List<String> elements) {
        return with(name, String.join(BETWEEN, elements));
    }

    /// As {@link Conversation#say} sends it.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(kind);
        known.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }

    /// Reads what {@link #words} writes.
    ///
    /// @throws IOException with a sentence where it is something else
    public static Facts parse(List<String> words) throws IOException {
        Facts facts = of(words.getFirst());
        for (String word : words.subList(1, words.size())) {
            int end = word.indexOf('=');
            if (end < 0) {
                throw unreadable(word);
            }
            facts.with(word.substring(0, end), word.substring(end + 1));
        }
        return facts;
    }

    private static IOException unreadable(String what) {
        return new IOException("the answer of the program that runs cannot be read: '" + what
                + "'. Is it of another version? Restart it");
    }

    public String text(String name) {
        return known.getOrDefault(name, "");
    }

    public List<String> list(String name) {
        String text = text(name);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(BETWEEN, -1));
    }

    public long number(String name) throws IOException {
        String text = text(name);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw unreadable(name + "=" + text);
        }
    }

    /// A moment, or null where it is not known.
    public @Nullable Instant time(String name) throws IOException {
        String text = text(name);
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw unreadable(name + "=" + text);
        }
    }
}
