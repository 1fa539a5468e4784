package tunnel.server.edge;

import org.jspecify.annotations.Nullable;
import tunnel.http.FieldName;
import tunnel.http.RequestHead;
import tunnel.server.access.AccessLog;

/// What is remembered of a request when the buffer that its head was read from holds the next one.
///
/// @param id its X-Request-Id
/// @param visitor the address that it came from
/// @param nanos of `System.nanoTime`, when its head was complete
/// @param upgrade the protocols that it may be switched to, or null
/// @param webSocketKey or null
/// @param takesInterim whether the visitor understands 1xx, and chunks: HTTP/1.1
/// @param keepsConnection whether the visitor's connection may carry another
record Request(
        String id,
        String visitor,
        long epochMillis,
        long nanos,
        String method,
        String target,
        String referer,
        String userAgent,
        String accept,
        @Nullable String upgrade,
        @Nullable String webSocketKey,
        boolean toHead,
        boolean takesInterim,
        boolean keepsConnection) {
    /// Of a head that was read, or of what there is of one that breaks a rule.
    ///
    /// @param logged whether what only the access log has of it is wanted
    static Request of(RequestHead head, String id, String visitor, boolean logged) {
        return new Request(
                id,
                visitor,
                System.currentTimeMillis(),
                System.nanoTime(),
                logged ? head.method() : "",
                logged ? head.target() : "",
                logged ? text(head, FieldName.REFERER) : "",
                logged ? text(head, FieldName.USER_AGENT) : "",
                text(head, FieldName.ACCEPT),
                head.upgrade(),
                head.upgrade() == null ? null : head.webSocketKey(),
                head.isMethod("HEAD"),
                head.isVersion11(),
                head.keepsConnection());
    }

    private static String text(RequestHead head, FieldName name) {
        String value = head.value(name);
        return value == null ? "" : value;
    }

    AccessLog.Entry entry(String user, int status, long sent, long received, String tunnel) {
        return new AccessLog.Entry(
                epochMillis,
                visitor,
                user,
                method,
                target,
                takesInterim ? "HTTP/1.1" : "HTTP/1.0",
                status,
                sent,
                received,
                referer,
                userAgent,
                (System.nanoTime() - nanos) / 1000,
                tunnel,
                id);
    }
}
