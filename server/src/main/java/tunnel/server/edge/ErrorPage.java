package tunnel.server.edge;

import java.nio.ByteBuffer;

/// A small answer of the edge's own: what happened and what to do. Nothing of the request is in it.
///
/// @param status of HTTP
/// @param title a few words
/// @param advice a sentence or two for whoever reads it
/// @param fields more header fields, each with its CR LF
record ErrorPage(int status, String title, String advice, String fields) {
    /// What most visitors may use; the local service may know fewer or more.
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static final int AWAY_SECONDS = 10; // most clients are back by then
    private static final int RESTART_SECONDS = 5; // behind those for which it was waited already
    private static final int FULL_SECONDS = 5; // a crowd has thinned out a little by then

    static final ErrorPage NO_SUCH_TUNNEL = new ErrorPage(
            404,
            "No such tunnel",
            "No tunnel has this name at present. Check the address; if the tunnel is yours, see whether tunnel-client is still"
                    + " running.");
    static final ErrorPage CLIENT_AWAY = new ErrorPage(
            503,
            "This tunnel is away",
            "The connection to the computer behind it was lost a short time ago. Try again shortly; if the tunnel is yours, see"
                    + " whether that computer is awake and online.",
            field("Retry-After", String.valueOf(AWAY_SECONDS)));
    static final ErrorPage ADDRESS_NOT_ALLOWED = new ErrorPage(
            403,
            "This tunnel is not open to your address",
            "Its owner lets in certain addresses only. Come from one of those, or ask the owner to add yours.");
    static final ErrorPage RATE_EXCEEDED = new ErrorPage(
            429,
            "Too many requests",
            "This tunnel takes a limited number of requests a second from each address. Wait a second, then try again.",
            field("Retry-After", "1"));
    static final ErrorPage ADDRESS_FULL = new ErrorPage(
            429,
            "Too many connections",
            "This server takes a limited number of connections at once from each address, and yours has as many. Close some,"
                    + " then try again.",
            field("Retry-After", "1"));
    static final ErrorPage SERVER_FULL = new ErrorPage(
            503,
            "The server is full",
            "It has as many connections as it takes. Try again shortly.",
            field("Retry-After", String.valueOf(FULL_SECONDS)));
    static final ErrorPage TUNNEL_FULL = new ErrorPage(
            503,
            "This tunnel is full",
            "It has as many requests under way as one tunnel may have. Try again shortly.",
            field("Retry-After", String.valueOf(FULL_SECONDS)));
    static final ErrorPage LOOP = new ErrorPage(
            508,
            "The request goes in a circle",
            "The app behind this tunnel is the tunnel itself. If it is yours: give --local the app's own port.");

    static final ErrorPage TOO_SLOW =
            new ErrorPage(408, "The request took too long", "The head of the request was not complete in time. Try again.");
    static final ErrorPage TOO_LARGE = new ErrorPage(
            431, "The request's header is too large", "Clear this site's cookies, or send fewer and shorter header fields.");
    static final ErrorPage BODY_TOO_LARGE = new ErrorPage(
            413,
            "The request's body is too large",
            "This tunnel takes smaller ones only. Send less; if the tunnel is yours, allow more with --max-body.");
    static final ErrorPage TARGET_TOO_LONG =
            new ErrorPage(414, "The address is too long", "Send what is long in the body of a POST request instead.");
    static final ErrorPage METHOD_NOT_ALLOWED = new ErrorPage(
            405,
            "This method is not for tunnels",
            "CONNECT and TRACE are not passed on. Use another method.",
            field("Allow", METHODS));
    static final ErrorPage BAD_REQUEST = new ErrorPage(
            400,
            "The request was not understood",
            "It is not a valid HTTP/1.1 request. Reload the page; if you wrote the program that sent it, the server's log says"
                    + " what is wrong.");
    static final ErrorPage BAD_EXPECTATION = new ErrorPage(
            417, "The expectation is not known", "Leave out the Expect field, or send 100-continue in it.");
    static final ErrorPage BAD_CODING = new ErrorPage(
            501, "The transfer coding is not known", "Send the body with Content-Length, or with the transfer coding chunked.");
    static final ErrorPage BAD_VERSION =
            new ErrorPage(505, "This version of HTTP is not spoken here", "Send the request as HTTP/1.1.");

    static final ErrorPage LOCAL_UNREACHABLE = new ErrorPage(
            502,
            "The web app behind this tunnel is not running",
            "The tunnel works, but nothing answers behind it. If the app is yours: start it, then reload this page.");
    static final ErrorPage LOCAL_AWAY = new ErrorPage(
            503,
            "The web app behind this tunnel is not running",
            "The tunnel works, and has waited for the app behind it, which may be restarting. Try again shortly; if the app is"
                    + " yours, see whether it is running.",
            field("Retry-After", String.valueOf(RESTART_SECONDS)));
    static final ErrorPage LOCAL_BAD_RESPONSE = new ErrorPage(
            502,
            "The web app behind this tunnel gave a bad answer",
            "The tunnel works, but what answers behind it does not speak valid HTTP. If the app is yours: see whether --local"
                    + " names its port for plain HTTP.");
    static final ErrorPage LOCAL_LOST = new ErrorPage(
            502,
            "The web app behind this tunnel broke off",
            "It closed the connection before it had answered, and may or may not have acted on the request. Look before you"
                    + " try again.");
    static final ErrorPage CLIENT_LOST = new ErrorPage(
            502,
            "The connection to the tunnel's client was lost",
            "The request may or may not have reached the web app. Reload this page to try again.");
    static final ErrorPage NO_DATA_CHANNEL = new ErrorPage(
            504,
            "The tunnel's client did not answer",
            "The computer behind this tunnel is slow to answer or out of reach at the moment. Try again shortly.");
    static final ErrorPage CLIENT_SILENT = new ErrorPage(
            504,
            "The tunnel's client does not answer any more",
            "The computer behind this tunnel is out of reach or asleep. The request may or may not have reached the web app: look"
                    + " before you try again.");
    static final ErrorPage LOCAL_TIMEOUT = new ErrorPage(
            504,
            "The web app behind this tunnel did not answer",
            "The tunnel works, but the app behind it could not be reached in time. Try again shortly.");
    static final ErrorPage NO_RESPONSE_IN_TIME = new ErrorPage(
            504,
            "The web app behind this tunnel took too long",
            "The app got the request and did not begin its response in time. It may still act on it: look before you try"
                    + " again.");

    private ErrorPage(int status, String title, String advice) {
        this(status, title, advice, "");
    }

    /// For a tunnel that asks for a user and a password (RFC 7617).
    ///
    /// @param name the tunnel's, which needs no escaping
    static ErrorPage unauthorized(String name) {
        return new ErrorPage(
                401,
                "This tunnel asks who you are",
                "Reload the page, then type the user and the password that the tunnel's owner gave you.",
                field("WWW-Authenticate", "Basic realm=\"" + name + "\", charset=\"UTF-8\""));
    }

    /// The page of the bare domain, which is no error.
    ///
    /// @param exampleUrl of a tunnel: `http://NAME.tunnel.example.com`
    static ErrorPage domain(String exampleUrl) {
        return new ErrorPage(
                200,
                "This is a tunnel server",
                "It gives web apps on other computers a public address. Each has a name of its own, and its address looks like"
                        + " this: " + exampleUrl + ". If you have the name of one, type it in place of NAME.");
    }

    /// For a request that breaks a rule.
    ///
    /// @param status that the rule asks for
    static ErrorPage forStatus(int status) {
        return switch (status) {
            case 405 -> METHOD_NOT_ALLOWED;
            case 408 -> TOO_SLOW;
            case 413 -> BODY_TOO_LARGE;
            case 414 -> TARGET_TOO_LONG;
            case 417 -> BAD_EXPECTATION;
            case 431 -> TOO_LARGE;
            case 501 -> BAD_CODING;
            case 502 -> LOCAL_BAD_RESPONSE;
            case 505 -> BAD_VERSION;
            default -> BAD_REQUEST;
        };
    }

    private static String field(String name, String value) {
        return name + ": " + value + "\r\n";
    }

    /// What its reader sees.
    ///
    /// @param requestId shown, so that its reader can name it to the server's operator; empty for none
    byte[] body(PageFormat format, String requestId) {
        return PageResponse.body(this, format, requestId);
    }

    /// The whole response, which also says that the connection ends (RFC 9112, section 9.6).
    ///
    /// @param body as {@link #body} made it
    /// @param withBody false in answer to HEAD
    ByteBuffer response(PageFormat format, byte[] body, boolean withBody) {
        return PageResponse.of(this, format, body, withBody);
    }
}
