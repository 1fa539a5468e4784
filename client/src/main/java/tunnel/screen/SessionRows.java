package tunnel.screen;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tunnel.events.ClientSnapshot;
import tunnel.screen.Picture.Worth;

/// How it stands with the server, and where the inspector is.
final class SessionRows {
    static final int INDENT = 11; // of what stands behind a heading, where the window is wide enough for headings
    static final int WITH_HEADINGS = 60; // columns

    private final Look look;
    private final int width;
    private final Instant now;

    SessionRows(Look look, int width, Instant now) {
        this.look = look;
        this.width = width;
        this.now = now;
    }

    void add(ClientSnapshot client, Picture picture) {
        ClientSnapshot.Session session = client.session();
        String age = Words.age(Duration.between(session.since(), now));
        Row state = heading("Session");
        String dot = look.either("● ", "* ");
        switch (session.phase()) {
            case ONLINE -> state.add(Style.GOOD, dot + "online").add(Style.PLAIN, " for " + age);
            case CONNECTING -> state.add(Style.WARNING, dot + "connecting to " + session.server());
            case RECONNECTING -> state.add(Style.BAD, dot + "reconnecting").add(Style.PLAIN, " for " + age);
        }
        state.add(Style.PLAIN, next(session.next()));
        picture.add(Worth.STATE, state);
        picture.addAll(Worth.TROUBLE, Row.wrapped(look, width, indent(), 3, Style.WARNING, session.why()));
        if (session.phase() == ClientSnapshot.Phase.ONLINE) {
            Duration trip = session.roundTrip();
            String time = trip == null ? "" : ", round trip " + Words.micros(trip.toNanos() / 1000);
            picture.add(Worth.SURROUNDINGS, heading("Server").add(Style.PLAIN, session.server() + time));
        }
        if (!client.inspector().isEmpty()) {
            picture.add(Worth.MORE_ADDRESSES, heading("Inspector").link(Style.NOTE, client.inspector()));
        }
        picture.add(Worth.HEADING, new Row(look, width));
    }

    private String next(@Nullable Instant dial) {
        if (dial == null) {
            return "";
        }
        long seconds = Duration.between(now, dial).toSeconds();
        return seconds < 1 ? ", trying again" : ", next try in " + seconds + " s";
    }

    private int indent() {
        return width >= WITH_HEADINGS ? INDENT : 0;
    }

    private Row heading(String heading) {
        return TunnelRows.heading(look, width, heading);
    }
}
