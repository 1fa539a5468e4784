package tunnel.screen;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tunnel.events.ClientSnapshot;
import tunnel.events.ClientSnapshot.Traffic;
import tunnel.events.Exchange;
import tunnel.screen.Picture.Worth;

/// How much goes through, and the last exchanges, the newest first. A narrow window has fewer columns of them.
final class RequestRows {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int SOME = 5;

    // columns, and from which width of the window on they are there
    private static final int TIME_CELLS = 10;
    private static final int METHOD_CELLS = 8;
    private static final int STATUS_CELLS = 4;
    private static final int MICROS_CELLS = 8;
    private static final int SIZE_CELLS = 8;
    private static final int TUNNEL_CELLS = 12;
    private static final int WITH_MICROS = 36;
    private static final int WITH_TIME = 50;
    private static final int WITH_SIZE = 64;
    private static final int WITH_TUNNEL = 90;

    private final Look look;
    private final int width;
    private final int height;

    /// @param height of the window, which can hold no more of them
    RequestRows(Look look, int width, int height) {
        this.look = look;
        this.width = width;
        this.height = height;
    }

    void add(ClientSnapshot client, Picture picture) {
        counts(client.traffic(), picture);
        picture.add(Worth.HEADING, new Row(look, width));
        boolean several = client.tunnels().size() > 1;
        List<Exchange> recent = client.recent();
        for (int i = 0; i < Math.min(height, recent.size()); i++) {
            picture.add(i == 0 ? Worth.LAST_REQUEST : i < SOME ? Worth.SOME_REQUESTS : Worth.REQUESTS, row(recent.get(i), several));
        }
    }

    private void counts(Traffic traffic, Picture picture) {
        String total = Words.count(traffic.total()) + " in all, " + traffic.open() + " open";
        String failed = traffic.failed() == 0 ? "" : ", " + Words.count(traffic.failed()) + " failed";
        String rates = Words.count(traffic.lastMinute()) + " in 1 min, " + Words.count(traffic.lastFiveMinutes()) + " in 5 min";
        String times = traffic.p50Micros() == 0
                ? ""
                : "p50 " + Words.micros(traffic.p50Micros()) + ", p90 " + Words.micros(traffic.p90Micros());
        Row row = TunnelRows.heading(look, width, "Requests").add(Style.PLAIN, total).add(Style.BAD, failed);
        String gap = "   ";
        int all = rates.length() + times.length() + 2 * gap.length();
        if (row.left() >= all) {
            picture.add(Worth.COUNTS, row.add(Style.PLAIN, gap + rates).add(Style.PLAIN, times.isEmpty() ? "" : gap + times));
        } else {
            picture.add(Worth.COUNTS, row);
            Row second = TunnelRows.heading(look, width, "").add(Style.PLAIN, rates);
            boolean fits = second.left() >= times.length() + gap.length();
            picture.add(Worth.MORE_ADDRESSES, second.add(Style.PLAIN, times.isEmpty() || !fits ? "" : gap + times));
        }
    }

    private Row row(Exchange exchange, boolean several) {
        Row row = new Row(look, width);
        if (width >= WITH_TIME) {
            row.add(Style.FAINT, TIME.format(exchange.started())).at(TIME_CELLS);
        }
        int path = TIME_CELLS * (width >= WITH_TIME ? 1 : 0) + METHOD_CELLS;
        String method = exchange.kind() == Exchange.Kind.TCP ? "TCP" : exchange.method();
        row.add(Style.PLAIN, look.fit(method, METHOD_CELLS - 1)).at(path);
        int size = width >= WITH_SIZE ? width - SIZE_CELLS : width;
        int micros = width >= WITH_MICROS ? size - MICROS_CELLS : size;
        int status = micros - STATUS_CELLS;
        int tunnel = several && width >= WITH_TUNNEL ? status - TUNNEL_CELLS : status;
        what(exchange, row, tunnel - 1 - path);
        if (tunnel < status) {
            row.at(tunnel).add(Style.FAINT, look.fit(exchange.tunnel(), TUNNEL_CELLS - 1));
        }
        row.at(status).add(style(exchange), status(exchange));
        if (micros < size) {
            row.endingAt(size, Style.PLAIN, exchange.micros() == 0 ? "" : Words.micros(exchange.micros()));
        }
        if (size < width) {
            row.endingAt(width, Style.FAINT, Words.bytes(exchange.responseBytes()));
        }
        return row;
    }

    /// The path, or who connected; and why it failed.
    private void what(Exchange exchange, Row row, int cells) {
        String what = exchange.kind() == Exchange.Kind.TCP ? exchange.visitor() : exchange.path();
        String replay = exchange.replayOf() > 0 ? look.either("↻ ", "replay ") : "";
        String failure = exchange.failure() == null ? "" : look.text("  " + exchange.failure());
        int most = Math.max(1, cells);
        int left = Math.max(most / 2, most - Cells.width(failure)); // half of it is the path's whatever the failure says
        String path = look.fit(replay + what, left);
        row.add(Style.PLAIN, path);
        row.add(Style.BAD, look.fit(failure, Math.max(0, most - Cells.width(path))));
    }

    private String status(Exchange exchange) {
        if (exchange.status() > 0) {
            return Integer.toString(exchange.status());
        }
        return switch (exchange.state()) {
            case RUNNING -> look.either("…", "..");
            case COMPLETE -> "ok";
            case FAILED -> "err";
        };
    }

    private static Style style(Exchange exchange) {
        if (exchange.state() == Exchange.State.FAILED || exchange.status() >= 500) {
            return Style.BAD;
        }
        return switch (exchange.status() / 100) {
            case 0 -> exchange.state() == Exchange.State.RUNNING ? Style.FAINT : Style.GOOD;
            case 4 -> Style.WARNING;
            case 3 -> Style.NOTE;
            default -> Style.GOOD;
        };
    }
}
