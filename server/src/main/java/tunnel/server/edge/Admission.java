package tunnel.server.edge;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.http.FieldName;
import tunnel.http.RequestHead;
import tunnel.net.Cidr;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.EdgeOptions.Credential;

/// Whom a tunnel lets in, and with what. Decided before anything of a request reaches the client. Thread-safe.
final class Admission {
    private static final String BASIC = "Basic ";

    private final EdgeOptions options;
    private final @Nullable RateLimiter rate;
    private final ErrorPage unauthorized;

    /// @param name the tunnel's
    Admission(EdgeOptions options, String name) {
        this.options = options;
        this.rate = options.rate() == 0 ? null : new RateLimiter(options.rate());
        this.unauthorized = ErrorPage.unauthorized(name);
    }

    /// What becomes of a request.
    ///
    /// @param refusal null where it may go on
    /// @param user who has authenticated, or empty
    record Answer(@Nullable ErrorPage refusal, String user) {
        private static final Answer WELCOME = new Answer(null, "");

        private static Answer no(ErrorPage why) {
            return new Answer(why, "");
        }
    }

    /// Looks at a request's head.
    Answer check(RequestHead head, InetAddress visitor) {
        if (isIn(options.deny(), visitor) || (!options.allow().isEmpty() && !isIn(options.allow(), visitor))) {
            return Answer.no(ErrorPage.ADDRESS_NOT_ALLOWED);
        }
        if (rate != null && !rate.allow(visitor)) {
            return Answer.no(ErrorPage.RATE_EXCEEDED);
        }
        Answer answer = options.credentials().isEmpty() || head.isPreflight() ? Answer.WELCOME : authenticate(head);
        if (answer.refusal() == null && options.maxBody() > 0 && head.length() > options.maxBody()) {
            return new Answer(ErrorPage.BODY_TOO_LARGE, answer.user());
        }
        return answer;
    }

    private static boolean isIn(List<Cidr> blocks, InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// Basic authentication (RFC 7617). All credentials are tried, whichever fits, so that the time taken tells nothing.
    private Answer authenticate(RequestHead head) {
        byte[] given = credentials(head.value(FieldName.AUTHORIZATION));
        boolean known = false;
        for (Credential credential : options.credentials()) {
            known |= credential.matches(given);
        }
        if (!known) {
            return Answer.no(unauthorized);
        }
        String text = new String(given, StandardCharsets.UTF_8);
        return new Answer(null, text.substring(0, Math.max(0, text.indexOf(':'))));
    }

    private static byte[] credentials(@Nullable String field) {
        if (field == null || !field.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(field.substring(BASIC.length()).strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
