package tunnel.server.edge;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tunnel.http.Framing;
import tunnel.http.HeadWriter;
import tunnel.http.ResponseHead;

/// How a response's head goes on to the visitor, without what was between the edge and the local service alone.
///
/// @param chunked whether its body goes on in chunks
/// @param close whether the visitor's connection ends after it
record ResponseForwarding(boolean chunked, boolean close) {
    private static final byte[] CHUNKED = Lines.of("Transfer-Encoding: chunked");
    private static final byte[] CLOSE = Lines.of("Connection: close");
    private static final byte[] CONNECTION_UPGRADE = Lines.of("Connection: Upgrade");
    private static final int NAMES = 128; // of the fields that are added, with their colons and line ends

    /// The most bytes that {@link #write} takes beyond those that came.
    static int added(FieldEdits edits) {
        return NAMES + edits.length();
    }

    void write(ResponseHead head, FieldEdits edits, ByteBuffer to) {
        HeadWriter out = new HeadWriter(to).statusLine(head);
        for (int field = 0; field < head.fields().count(); field++) {
            if (goesOn(head, field) && !edits.replace(head, field)) {
                out.field(head, field);
            }
        }
        if (!head.isInterim()) {
            edits.write(out);
        }
        if (chunked) {
            out.lines(CHUNKED);
        }
        @Nullable String upgrade = head.status() == 101 || head.status() == 426 ? head.upgradeProtocols() : null;
        if (upgrade != null) {
            out.lines(CONNECTION_UPGRADE).field("Upgrade", upgrade);
        }
        if (close && !head.isInterim() && head.status() != 101) {
            out.lines(CLOSE);
        }
        out.end();
    }

    private static boolean goesOn(ResponseHead head, int field) {
        return switch (head.fields().name(field)) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, UPGRADE, HTTP2_SETTINGS, TRANSFER_ENCODING -> false;
            // one that a HEAD or 304 states is for the body that is not there (RFC 9110, section 8.6)
            case CONTENT_LENGTH -> head.status() >= 200 && head.status() != 204;
            default -> !head.fields().isDropped(field);
        };
    }

    /// How the body goes on: one without a length in chunks, so that the visitor sees where it ends, where it can.
    static boolean isChunked(Framing framing, boolean visitorHasVersion11) {
        return visitorHasVersion11 && (framing == Framing.CHUNKED || framing == Framing.TO_END);
    }
}
