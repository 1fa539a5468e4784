package tunnel.screen;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A QR code in half blocks, two modules above each other in one cell, its quiet zone included. To be shown in black on white:
/// many cameras do not read one that is the other way round. The library is loaded where one is made, and not before.
///
/// @param text what it says
/// @param lines from the top, all of the same number of cells
public record QrCode(String text, List<String> lines) {
    private static final int QUIET = 4; // modules, as ISO/IEC 18004 wants

    /// Makes one, or null where the text is too long for any.
    public static @Nullable QrCode of(String text) {
        ByteMatrix modules;
        try {
            // a screen has no scratches: the lowest level gives the smallest code
            modules = Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix();
        } catch (WriterException e) {
            return null;
        }
        int edge = modules.getWidth() + 2 * QUIET;
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < edge; y += 2) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < edge; x++) {
                boolean upper = isDark(modules, x, y);
                boolean lower = isDark(modules, x, y + 1);
                line.append(upper ? (lower ? '█' : '▀') : (lower ? '▄' : ' '));
            }
            lines.add(line.toString());
        }
        return new QrCode(text, List.copyOf(lines));
    }

    private static boolean isDark(ByteMatrix modules, int x, int y) {
        int column = x - QUIET;
        int row = y - QUIET;
        return column >= 0
                && row >= 0
                && column < modules.getWidth()
                && row < modules.getHeight()
                && modules.get(column, row) == 1;
    }

    int columns() {
        return lines.getFirst().length();
    }

    int rows() {
        return lines.size();
    }
}
