package tunnel.protocol;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The names under a server's domain: each one DNS label (RFC 1035, section 2.3.1; RFC 1123, section 2.1).
public final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /// One that is much too long would make a `Reject` that is too long too.
    private static final int LONGEST_SHOWN = 64;

    // Short, friendly, easily told apart on the phone; every pair reads well.
    private static final List<String> ADJECTIVES = List.of(
            "amber", "agile", "azure", "bold", "brave", "bright", "brisk", "calm", "clever", "cosmic", "cozy", "crisp",
            "daring", "dapper", "deft", "eager", "early", "fancy", "fair", "fluffy", "fresh", "gentle", "gold", "grand",
            "green", "happy", "hardy", "honest", "humble", "icy", "ivory", "jolly", "keen", "kind", "lively", "lucky",
            "lunar", "mellow", "merry", "misty", "neat", "nimble", "noble", "olive", "patient", "plucky", "polite",
            "proud", "quick", "quiet", "rapid", "rosy", "royal", "ruby", "rustic", "silent", "silver", "smart", "snowy",
            "solar", "sturdy", "sunny", "swift", "tidy", "tiny", "vivid", "warm", "wild", "wise", "witty", "young", "blue");
    private static final List<String> ANIMALS = List.of(
            "badger", "bat", "bear", "beaver", "bee", "bison", "camel", "cat", "cobra", "condor", "coyote", "crab",
            "crane", "cricket", "deer", "dingo", "dolphin", "dove", "duck", "eagle", "elk", "emu", "falcon", "ferret",
            "finch", "fox", "gecko", "goat", "goose", "hare", "hawk", "heron", "horse", "ibex", "jackal", "jay", "koala",
            "lark", "lemur", "lion", "llama", "lynx", "magpie", "marten", "mole", "moose", "newt", "ocelot", "orca",
            "osprey", "otter", "owl", "panda", "parrot", "pelican", "puffin", "puma", "quail", "raven", "robin", "salmon",
            "seal", "shrew", "sparrow", "stork", "swan", "tapir", "tiger", "toad", "turtle", "walrus", "wolf", "wren", "yak");

    private Names() {}

    /// The name as it is kept and compared, in lower case.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    public static String check(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!LABEL.matcher(lower).matches()) {
            String shown = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "…" : name;
            throw new IllegalArgumentException("'" + shown + "' is not a name: write 1 to 63 letters a to z, digits and"
                    + " hyphens, with no hyphen first or last");
        }
        return lower;
    }

    /// A friendly name like `blue-otter`, one of some 5,000.
    public static String random() {
        return pick(ADJECTIVES) + "-" + pick(ANIMALS);
    }

    /// One like `blue-otter-4711`, for when the friendlier ones run short.
    public static String longRandom() {
        return random() + "-" + ThreadLocalRandom.current().nextInt(1000, 10_000);
    }

    private static String pick(List<String> words) {
        return words.get(ThreadLocalRandom.current().nextInt(words.size()));
    }
}
