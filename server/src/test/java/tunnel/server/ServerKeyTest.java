package tunnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeyTest {
    @TempDir
    private Path folder;

    private StateDirectory state;
    private ServerKey made;

    @BeforeEach
    void make() throws IOException {
        state = StateDirectory.open(folder.resolve("state"));
        made = ServerKey.in(state);
    }

    @AfterEach
    void close() throws IOException {
        state.close();
    }

    @Test
    void theKeyIsForEd25519AndStays() throws IOException {
        assertThat(made.key().getAlgorithm()).isEqualTo("EdDSA");
        assertThat(made.certificate().getSigAlgName()).isEqualTo("Ed25519");
        assertThat(ServerKey.in(state).pin()).isEqualTo(made.pin());
        ServerKey.check(state);
    }

    @Test
    void aKeyBesideTheCertificateOfAnotherIsFound() throws IOException {
        try (StateDirectory other = StateDirectory.open(folder.resolve("other"))) {
            ServerKey.in(other);
            Files.copy(other.path("certificate.pem"), folder.resolve("copy"));
        }
        state.write("certificate.pem", Files.readString(folder.resolve("copy")));

        assertThatThrownBy(() -> ServerKey.check(state))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(state.path("key.pem") + ", with certificate.pem beside it")
                .hasMessageContaining("the certificate is not this key's")
                .hasMessageContaining("Restore both from a backup");
    }

    @Test
    void whatIsDamagedIsNamedAndLeftAlone() throws IOException {
        state.write("certificate.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThatThrownBy(() -> ServerKey.in(state)).isInstanceOf(IOException.class).hasMessageContaining("certificate.pem");
        assertThat(state.path("certificate.pem")).content().contains("AAAA");
    }
}
