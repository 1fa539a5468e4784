package tunnel.protocol;

import java.time.Duration;
import java.util.List;
import tunnel.net.Cidr;

/// What a client wants the HTTP edge to do for one tunnel, as it travels in the options of `Bind`.
///
/// @param hosts custom hosts, in lower case, without a port
/// @param credentials who may come in by basic authentication; all may where there are none
/// @param allow visitors' addresses that are let in; all are where there are none
/// @param deny visitors' addresses that are not, whatever `allow` says
/// @param maxBody the most bytes that a request's body may have, or 0 for any
/// @param rate requests a second that one visitor's address may make, or 0 for any
/// @param responseTimeout for the local service to begin its response, or zero for the server's default
/// @param hostHeader the Host that the local service sees, or empty for the visitor's
/// @param requestFields that are set or removed on the way to the local service
/// @param responseFields that are set or removed on the way back
public record EdgeOptions(
        List<String> hosts,
        List<Credential> credentials,
        List<Cidr> allow,
        List<Cidr> deny,
        long maxBody,
        int rate,
        Duration responseTimeout,
        String hostHeader,
        List<FieldEdit> requestFields,
        List<FieldEdit> responseFields) {
    public static final EdgeOptions NONE = new EdgeOptions(
            List.of(), List.of(), List.of(), List.of(), 0, 0, Duration.ZERO, "", List.of(), List.of());

    public EdgeOptions {
        hosts = List.copyOf(hosts);
        credentials = List.copyOf(credentials);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        requestFields = List.copyOf(requestFields);
        responseFields = List.copyOf(responseFields);
    }

    /// A user and a password, of which the server only ever has a salted hash.
    ///
    /// @param salt 16 random bytes
    /// @param hash SHA-256 of the salt and `USER:PASSWORD` in UTF-8
    public record Credential(Bytes salt, Bytes hash) {}

    /// A header field to set, in place of all of its name, or to remove.
    ///
    /// @param value empty to remove
    public record FieldEdit(String name, String value) {}
}
