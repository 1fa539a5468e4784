package tunnel.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrCodeTest {
    private static final int MODULE = 4; // pixels

    @ParameterizedTest
    @ValueSource(strings = {
        "http://blue-otter.localhost:8080",
        "https://blue-otter.tunnel.example.com",
        "https://a-name-of-sixty-three-characters-which-is-as-long-as-they-may-be0.tunnel.example.com:8443"
    })
    void aReaderSeesTheAddressInTheBlocks(String url) throws Exception {
        QrCode code = Objects.requireNonNull(QrCode.of(url));

        assertThat(new QRCodeReader().decode(photo(code.lines())).getText()).isEqualTo(url);
        assertThat(code.lines()).allMatch(line -> line.length() == code.columns());
        assertThat(code.lines().subList(0, 2)).as("quiet zone").allMatch(String::isBlank);
        assertThat(code.lines()).allMatch(line -> line.startsWith("    ") && line.endsWith("    "));
    }

    @Test
    void whatFitsIntoNoCodeHasNone() {
        assertThat(QrCode.of("a".repeat(8000))).isNull();
    }

    /// Black blocks on white, each cell two modules high.
    private static BinaryBitmap photo(List<String> lines) {
        int width = lines.getFirst().length() * MODULE;
        int height = lines.size() * 2 * MODULE;
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                char block = lines.get(y / MODULE / 2).charAt(x / MODULE);
                boolean upper = y / MODULE % 2 == 0;
                boolean dark = block == '█' || block == (upper ? '▀' : '▄');
                pixels[y * width + x] = dark ? 0 : 0xffffff;
            }
        }
        return new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
    }
}
