package tunnel.screen;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientSnapshot;
import tunnel.screen.Picture.Worth;

/// Draws a client's present: from what it is, the latest messages and the window's size to rows. Nothing here waits or writes.
/// Used by one thread.
final class Drawing {
    private static final int GAP = 2; // beside a QR code
    private static final int LEAST_BESIDE = 38; // for the rest; with less a list of requests is of no use
    private static final int AMPLE_BESIDE = 70;
    private static final int LEAST_ABOVE = 6; // state, addresses, counts
    private static final int AMPLE_ABOVE = 14;

    private final Look look;
    private final boolean wantsCode;
    private @Nullable QrCode code; // the last one made

    /// @param wantsCode whether the first address is to be drawn as a QR code
    Drawing(Look look, boolean wantsCode) {
        this.look = look;
        this.wantsCode = wantsCode;
    }

    /// As many rows as the window has, or fewer.
    List<Row> draw(ClientSnapshot client, List<Message> messages, Size size, Instant now) {
        QrCode shown = wantsCode ? code(client) : null;
        if (shown == null) {
            return fit(picture(client, messages, size, now, null), size);
        }
        if (!look.unicode()) {
            return withMessage("a QR code needs a terminal with UTF-8; see locale", client, messages, size, now);
        }
        int beside = size.columns() - shown.columns() - GAP;
        int above = size.columns() >= shown.columns() ? size.rows() - shown.rows() : -1;
        boolean fitsBeside = beside >= LEAST_BESIDE && shown.rows() <= size.rows();
        if (fitsBeside && (beside >= AMPLE_BESIDE || above < AMPLE_ABOVE)) {
            return beside(shown, client, messages, new Size(beside, size.rows()), now);
        }
        if (above >= LEAST_ABOVE) {
            return fit(picture(client, messages, size, now, shown), size);
        }
        String what = "the window is too small for the QR code, which takes " + (shown.columns() + GAP + LEAST_BESIDE) + " by "
                + shown.rows() + ", or " + shown.columns() + " by " + (shown.rows() + LEAST_ABOVE);
        return withMessage(what, client, messages, size, now);
    }

    private List<Row> withMessage(String text, ClientSnapshot client, List<Message> messages, Size size, Instant now) {
        List<Message> more = new ArrayList<>(messages);
        more.add(new Message(now, true, text));
        return fit(picture(client, more, size, now, null), size);
    }

    private @Nullable QrCode code(ClientSnapshot client) {
        String url = client.tunnels().stream()
                .filter(tunnel -> tunnel.stage() == ClientSnapshot.Stage.READY)
                .flatMap(tunnel -> tunnel.shown().urls().stream())
                .findFirst()
                .orElse("");
        if (!url.isEmpty() && (code == null || !code.text().equals(url))) {
            code = QrCode.of(url);
        }
        return url.isEmpty() ? null : code;
    }

    private List<Row> beside(QrCode shown, ClientSnapshot client, List<Message> messages, Size left, Instant now) {
        List<Row> rows = new ArrayList<>(fit(picture(client, messages, left, now, null), left));
        while (rows.size() < shown.rows()) {
            rows.add(new Row(look, left.columns()));
        }
        for (int i = 0; i < shown.rows(); i++) {
            rows.set(i, rows.get(i).codeAt(left.columns() + GAP, shown.lines().get(i)));
        }
        return rows;
    }

    private List<Row> fit(Picture picture, Size size) {
        return picture.fit(size.rows(), new Row(look, size.columns()));
    }

    private Picture picture(ClientSnapshot client, List<Message> messages, Size size, Instant now, @Nullable QrCode below) {
        int width = size.columns();
        Picture picture = new Picture();
        picture.add(Worth.HEADING, new Row(look, width)
                .add(Style.STRONG, "tunnel-client")
                .endingAt(width, Style.FAINT, "q or Ctrl-C to quit"));
        picture.add(Worth.HEADING, new Row(look, width));
        new SessionRows(look, width, now).add(client, picture);
        new TunnelRows(look, width, size.rows()).add(client, picture);
        if (below != null) {
            below.lines().forEach(line -> picture.add(Worth.ADDRESS, new Row(look, width).codeAt(0, line)));
        }
        new RequestRows(look, width, size.rows()).add(client, picture);
        new MessageRows(look, width).add(messages, picture);
        return picture;
    }
}
