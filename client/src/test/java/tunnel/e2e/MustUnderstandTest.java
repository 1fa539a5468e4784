package tunnel.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.nio.ByteBuffer;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tunnel.fixture.LeakCheck;
import tunnel.fixture.LogLines;
import tunnel.protocol.Bytes;
import tunnel.protocol.Codec;
import tunnel.protocol.Frame;
import tunnel.protocol.Options;
import tunnel.protocol.RejectCode;
import tunnel.protocol.TunnelProtocol;
import tunnel.protocol.VersionRange;
import tunnel.server.TunnelServer;

/// An option that the sender insists on is refused where it is not known, in the first frames of a connection too.
@ExtendWith(LeakCheck.class)
class MustUnderstandTest {
    private static final Options UNKNOWN = new Options(List.of(new Options.Option(99, true, Bytes.NONE)));

    @Test
    void theServerRefusesItInDataInit() throws Exception {
        try (World world = new World()) {
            TunnelServer server = world.server();
            try (RawClient control = RawClient.connect(server.controlPort(), false);
                    RawClient data = RawClient.connect(server.controlPort(), false)) {
                RawClient.Stay stay = control.login(server.joinString().token());
                data.send(dataInit(stay, data.binding()));

                assertThat(data.lastWord())
                        .isEqualTo(new Frame.Reject(
                                0, RejectCode.UNSUPPORTED, "this server does not know option 99 of DataInit"));
            }
        }
    }

    /// As `docs/protocol.md` tells how to make it.
    private static Frame.DataInit dataInit(RawClient.Stay stay, Bytes binding) throws Exception {
        Frame.DataInit blank = new Frame.DataInit(VersionRange.OURS, stay.session(), UNKNOWN, Bytes.of(new byte[32]));
        ByteBuffer frame = ByteBuffer.allocate(200);
        Codec.encode(blank, frame);
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(stay.secret().toArray(), "HmacSHA256"));
        hmac.update("tunnel data".getBytes(US_ASCII));
        hmac.update(binding.toArray());
        hmac.update(frame.flip().limit(frame.limit() - 32));
        return new Frame.DataInit(VersionRange.OURS, stay.session(), UNKNOWN, Bytes.of(hmac.doFinal()));
    }

    @Test
    void theClientDoesNotStayWhereItIsInWelcome() throws Exception {
        try (LogLines log = new LogLines(Level.WARN);
                World world = new World();
                RawServer server = new RawServer()) {
            var _ = world.client(server.join(), true, 1, TunnelProtocol.HTTP, "");
            RawServer.Connection connection = server.accept();
            connection.read(Frame.Init.class);
            connection.send(new Frame.Welcome(1, Bytes.random(16), Bytes.NONE, Bytes.random(32), 5000, UNKNOWN));

            await().untilAsserted(() -> assertThat(log.with("option 99 of Welcome is not known here")).hasSize(1));
        }
    }
}
