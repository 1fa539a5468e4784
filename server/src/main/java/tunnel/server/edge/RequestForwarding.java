package tunnel.server.edge;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tunnel.http.FieldName;
import tunnel.http.Framing;
import tunnel.http.HeadWriter;
import tunnel.http.Host;
import tunnel.http.RequestHead;

/// How a request's head goes on to the local service: what was for the edge alone stays behind, and what the local service
/// cannot see for itself, who asked for what, is added (RFC 9110, section 7.6).
///
/// @param forwardedFor the whole X-Forwarded-For, the visitor first
/// @param proto `http` or `https`, as the visitor typed it
/// @param forwardedHost as the visitor typed it; empty where HTTP/1.0 did not say
/// @param via our own element of Via
/// @param requestId for the log of whoever passes the request on
record RequestForwarding(
        String forwardedFor, String proto, String forwardedHost, String via, String requestId) {
    private static final byte[] CHUNKED = Lines.of("Transfer-Encoding: chunked");
    private static final byte[] EXPECT = Lines.of("Expect: 100-continue");
    private static final byte[] TRAILERS = Lines.of("Connection: TE", "TE: trailers");
    private static final byte[] CONNECTION_UPGRADE = Lines.of("Connection: Upgrade");
    private static final int NAMES = 256; // of the fields that are added, with their colons and line ends

    /// The most bytes that {@link #write} takes beyond those that came.
    int added(HttpTunnel tunnel) {
        return NAMES
                + forwardedFor.length()
                + 2 * forwardedHost.length()
                + via.length()
                + requestId.length()
                + tunnel.options().hostHeader().length()
                + tunnel.defaultHost().length()
                + tunnel.requestEdits().length();
    }

    void write(RequestHead head, HttpTunnel tunnel, ByteBuffer to) {
        HeadWriter out = new HeadWriter(to).requestLine(head).field("Host", host(head, tunnel));
        FieldEdits edits = tunnel.requestEdits();
        boolean preflight = head.isPreflight(); // passes as it is, since what it asks about is yet to come
        for (int field = 0; field < head.fields().count(); field++) {
            if (goesOn(head, field, tunnel) && (preflight ? !isForged(head, field, edits) : !edits.replace(head, field))) {
                out.field(head, field);
            }
        }
        framing(head, out);
        out.field("X-Forwarded-For", forwardedFor).field("X-Forwarded-Proto", proto);
        if (!forwardedHost.isEmpty()) {
            out.field("X-Forwarded-Host", forwardedHost);
        }
        out.field("Via", via);
        if (preflight || !edits.concern("x-request-id")) {
            out.field("X-Request-Id", requestId);
        }
        if (!preflight) {
            edits.write(out);
        }
        out.end();
    }

    private static String host(RequestHead head, HttpTunnel tunnel) {
        if (!tunnel.options().hostHeader().isEmpty()) {
            return tunnel.options().hostHeader();
        }
        String host = head.value(FieldName.HOST);
        @Nullable Host named = head.host();
        return host != null ? host : named != null ? named.toString() : tunnel.defaultHost();
    }

    /// Whether a preflight, which nobody has to log in for, has a field that only the tunnel's owner sets. No browser sends one.
    private static boolean isForged(RequestHead head, int field, FieldEdits edits) {
        return head.fields().name(field) == FieldName.OTHER
                && !head.isNamed(field, "access-control-request-headers")
                && edits.replace(head, field);
    }

    private static boolean goesOn(RequestHead head, int field, HttpTunnel tunnel) {
        return switch (head.fields().name(field)) {
            case HOST,
                    CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    CONNECTION,
                    KEEP_ALIVE,
                    PROXY_CONNECTION,
                    TE,
                    UPGRADE,
                    HTTP2_SETTINGS,
                    EXPECT,
                    FORWARDED,
                    X_FORWARDED_FOR,
                    X_FORWARDED_PROTO,
                    X_FORWARDED_HOST,
                    X_FORWARDED_OTHER,
                    X_REAL_IP,
                    X_REQUEST_ID -> false;
            case VIA -> true; // whatever Connection says: it is what loops are found by
            case AUTHORIZATION -> tunnel.options().credentials().isEmpty() && !head.fields().isDropped(field);
            case OTHER -> !head.fields().isDropped(field) && !head.isNamed(field, "x-request-id"); // X_Request_Id
            default -> !head.fields().isDropped(field);
        };
    }

    private static void framing(RequestHead head, HeadWriter out) {
        if (head.framing() == Framing.CHUNKED) {
            out.lines(CHUNKED);
        } else if (head.framing() == Framing.LENGTH) {
            out.field("Content-Length", head.length());
        }
        if (head.expectsContinue()) {
            out.lines(EXPECT);
        }
        String upgrade = head.upgrade();
        if (upgrade != null) {
            out.lines(CONNECTION_UPGRADE).field("Upgrade", upgrade);
        } else if (head.takesTrailers()) {
            out.lines(TRAILERS);
        }
    }
}
