package tunnel.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import tunnel.cli.RefusedException;

/// What clients say that the server does not want.
final class Refusals {
    private Refusals() {}

    static void assertRefused(World.Client client, String sentence) {
        assertThat(sentence(client)).isEqualTo(sentence);
    }

    /// The sentence with which the client gives up, which it soon does.
    static String sentence(World.Client client) {
        ExecutionException end = catchThrowableOfType(
                ExecutionException.class, () -> client.end().get(World.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertThat(end.getCause()).as("why the client gave up").isInstanceOf(RefusedException.class);
        return String.valueOf(Objects.requireNonNull(end.getCause()).getMessage());
    }
}
