package tunnel.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tunnel.admin.AdminClient;
import tunnel.protocol.JoinString;

/// What an operator does to the tokens of a running server, by its private socket.
final class Tokens {
    private Tokens() {}

    /// Adds one.
    ///
    /// @param fields its rights, as in `names=shop-*`
    static JoinString add(World world, String name, String... fields) throws IOException {
        List<String> words = new ArrayList<>(List.of("token-add", name));
        words.addAll(List.of(fields));
        return JoinString.parse(ask(world, words).getFirst().getFirst());
    }

    /// Revokes one.
    ///
    /// @return how many sessions have ended
    static int revoke(World world, String name) throws IOException {
        return Integer.parseInt(ask(world, List.of("token-revoke", name)).getFirst().getFirst());
    }

    /// How many sessions one has.
    static int sessions(World world, String name) throws IOException {
        return ask(world, List.of("token-list")).stream()
                .filter(token -> token.getFirst().equals(name))
                .mapToInt(token -> Integer.parseInt(token.get(3)))
                .findFirst()
                .orElseThrow();
    }

    private static List<List<String>> ask(World world, List<String> words) throws IOException {
        try (AdminClient server = Objects.requireNonNull(AdminClient.connect(world.stateDirectory()), "a server runs")) {
            return server.ask(words);
        }
    }
}
