package tunnel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static tunnel.protocol.Examples.CLIENT_NONCE;
import static tunnel.protocol.Examples.EXPORTER;
import static tunnel.protocol.Examples.LAST_SECRET;
import static tunnel.protocol.Examples.LAST_SESSION;
import static tunnel.protocol.Examples.SECRET;
import static tunnel.protocol.Examples.SERVER_NONCE;
import static tunnel.protocol.Examples.SESSION;
import static tunnel.protocol.Examples.TOKEN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tunnel.protocol.Examples.Example;
import tunnel.protocol.Frame.Init;

/// `docs/protocol.md` and the code say the same.
class ProtocolPageTest {
    static final List<Example> EXAMPLES = Examples.ALL;

    private static List<String> lines = List.of();

    @BeforeAll
    static void read() throws IOException {
        String home = Objects.requireNonNull(System.getProperty("tunnel.home"));
        lines = Files.readAllLines(Path.of(home, "docs/protocol.md"));
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void showsEachExample(Example example) {
        assertThat(String.join("", lines).replace(" ", "")).contains(example.hex());
    }

    /// The value on a line of the worked example.
    private static void assertShown(String label, Bytes value) {
        assertThat(lines).as(label).anyMatch(line -> line.matches(" {4}" + label + " +" + value.hex()));
    }

    @Test
    void theWorkedExampleIsRightWithTls() {
        assertShown("id", TOKEN.id());
        assertShown("ClientKey", TOKEN.clientKey());
        assertShown("StoredKey", TOKEN.storedKey().key());
        assertShown("nonce of Init", CLIENT_NONCE);
        assertShown("session", SESSION);
        assertShown("binding", EXPORTER);
        Init init = Proofs.init(TOKEN, EXPORTER, CLIENT_NONCE, Options.NONE);
        assertShown("HMAC for Init", init.proof().xor(TOKEN.clientKey()));
        assertShown("proof in Init", init.proof());
        assertShown("proof in DataInit", Proofs.dataInit(SESSION, SECRET, EXPORTER).proof());
    }

    @Test
    void theWorkedExampleIsRightForALostSession() {
        Bytes claim = Proofs.previousSession(LAST_SESSION, LAST_SECRET, EXPORTER);
        Options options = Options.NONE.with(Options.PREVIOUS_SESSION, claim);

        assertShown("proof in the option", Bytes.of(Arrays.copyOfRange(claim.toArray(), 16, 48)));
        assertShown("proof in Init", Proofs.init(TOKEN, EXPORTER, CLIENT_NONCE, options).proof());
    }

    @Test
    void theWorkedExampleIsRightWithoutTls() {
        Init init = Proofs.init(TOKEN, SERVER_NONCE, CLIENT_NONCE, Options.NONE);
        Bytes secret = Proofs.plainSecret(TOKEN.storedKey(), SERVER_NONCE, CLIENT_NONCE);

        assertShown("nonce of Challenge", SERVER_NONCE);
        assertShown("HMAC for Init", init.proof().xor(TOKEN.clientKey()));
        assertShown("proof in Init", init.proof());
        assertShown("proof in Welcome", Proofs.server(TOKEN.storedKey(), SERVER_NONCE, CLIENT_NONCE, SESSION));
        assertShown("secret", secret);
        assertShown("proof in DataInit", Proofs.dataInit(SESSION, secret, SERVER_NONCE).proof());
    }

    @Test
    void listsEveryCode() {
        assertRows(RejectCode.values());
        assertRows(RefuseReason.values());
        assertRows(CloseCode.values());
    }

    private static void assertRows(Coded... codes) {
        for (Coded code : codes) {
            assertThat(lines).anyMatch(line -> line.startsWith("| " + code.code() + " | " + code + " | "));
        }
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void listsEveryFrameWithItsType(Example example) {
        String row = "| 0x%s | `%s` | "
                .formatted(
                        example.hex().substring(0, 2).toUpperCase(java.util.Locale.ROOT),
                        example.frame().getClass().getSimpleName());
        assertThat(lines).anyMatch(line -> line.startsWith(row));
    }
}
