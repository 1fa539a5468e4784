package tunnel.screen;

import java.util.List;
import tunnel.events.ClientSnapshot;
import tunnel.events.ClientSnapshot.Stage;
import tunnel.events.ClientSnapshot.Tunnel;
import tunnel.screen.Picture.Worth;

/// Each tunnel's public addresses, what it leads to, and what is wrong with it.
final class TunnelRows {
    private static final int MOST_SENTENCE = 3; // rows

    private final Look look;
    private final int width;
    private final int most;

    /// @param height of the window, of which a third at the most is for tunnels
    TunnelRows(Look look, int width, int height) {
        this.look = look;
        this.width = width;
        this.most = Math.max(1, height / 3);
    }

    void add(ClientSnapshot client, Picture picture) {
        List<Tunnel> tunnels = client.tunnels();
        boolean served = client.session().phase() == ClientSnapshot.Phase.ONLINE;
        boolean alone = tunnels.size() == 1;
        for (Tunnel tunnel : tunnels.subList(0, Math.min(most, tunnels.size()))) {
            add(tunnel, alone && tunnel.shown().label().isEmpty() ? "Tunnel" : tunnel.shown().label(), served, picture);
        }
        if (tunnels.size() > most) {
            picture.add(Worth.MORE_ADDRESSES, heading("").add(Style.FAINT, "and " + (tunnels.size() - most) + " more tunnels"));
        }
        if (!tunnels.isEmpty()) {
            picture.add(Worth.HEADING, new Row(look, width));
        }
    }

    private void add(Tunnel tunnel, String heading, boolean served, Picture picture) {
        List<String> urls = tunnel.shown().urls();
        String local = look.either(" → ", " -> ") + tunnel.shown().local();
        Style style = served && tunnel.stage() == Stage.READY ? Style.NOTE : Style.FAINT;
        Row first = heading(heading);
        if (tunnel.stage() == Stage.REFUSED || urls.isEmpty()) {
            first.add(Style.BAD, tunnel.stage() == Stage.REFUSED ? "refused" : "not there yet").add(Style.FAINT, local);
        } else {
            first.link(style, urls.getFirst()).add(Style.FAINT, local);
        }
        picture.add(Worth.ADDRESS, first);
        if (tunnel.stage() != Stage.REFUSED) {
            urls.stream().skip(1).forEach(url -> picture.add(Worth.MORE_ADDRESSES, heading("").link(style, url)));
        }
        int indent = width >= SessionRows.WITH_HEADINGS ? SessionRows.INDENT : 0;
        picture.addAll(Worth.TROUBLE, Row.wrapped(look, width, indent, MOST_SENTENCE, Style.BAD, tunnel.why()));
        picture.addAll(Worth.TROUBLE, Row.wrapped(look, width, indent, MOST_SENTENCE, Style.BAD, tunnel.down()));
    }

    private Row heading(String heading) {
        return heading(look, width, heading);
    }

    static Row heading(Look look, int width, String heading) {
        Row row = new Row(look, width);
        return width < SessionRows.WITH_HEADINGS
                ? row
                : row.add(Style.FAINT, look.fit(heading, SessionRows.INDENT - 1)).at(SessionRows.INDENT);
    }
}
