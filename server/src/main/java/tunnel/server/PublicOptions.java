package tunnel.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tunnel.cli.HelpGroup;
import tunnel.cli.NamesFile;
import tunnel.cli.Parsing;
import tunnel.net.Cidr;
import tunnel.server.access.AccessLog;
import tunnel.server.registry.PublicUrl;

/// The options of `tunnel-server` that are about visitors.
final class PublicOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "What visitors type, as in 'https://*.tunnel.example.com', where a web server in front has the"
                    + " certificate. Default: http and the port of the HTTP edge.")
    private @Nullable String publicUrl;

    @HelpGroup("Addresses and ports")
    @Option(
            names = "--trusted-proxies",
            paramLabel = "CIDR",
            split = ",",
            description = "Addresses of web servers in front, as in 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For says who the"
                    + " visitor is; may be repeated. Default: nobody's.")
    private List<String> trustedProxies = new ArrayList<>();

    @HelpGroup("Access log")
    @Option(
            names = "--access-log",
            paramLabel = "FILE|off",
            converter = AccessLogParsing.class,
            description = "File for a line about each request, rotated at 20 MiB and at midnight, or off. Default: standard"
                    + " error.")
    private AccessLog.Settings accessLog = AccessLog.Settings.DEFAULT;

    @HelpGroup("Access log")
    @Option(
            names = "--access-log-format",
            paramLabel = "combined|json",
            defaultValue = "combined",
            converter = FormatParsing.class,
            description = "combined: as Apache and nginx write it, and a little more. json: an object a line. Default:"
                    + " ${DEFAULT-VALUE}.")
    private AccessLog.Format accessLogFormat = AccessLog.Format.COMBINED;

    /// What they say together.
    ///
    /// @throws ParameterException with a sentence for the operator
    PublicSettings settings(String domain) {
        return new PublicSettings(
                new AccessLog.Settings(accessLog.on(), accessLog.file(), accessLogFormat),
                trustedProxies.stream().map(this::block).toList(),
                publicUrl == null ? null : url(publicUrl, domain));
    }

    private Cidr block(String text) {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            throw usage("--trusted-proxies: " + e.getMessage());
        }
    }

    private PublicUrl url(String text, String domain) {
        try {
            return PublicUrl.parse(text, domain);
        } catch (IllegalArgumentException e) {
            throw usage("--public-url: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("not made by picocli");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /// Reads `--access-log`.
    static final class AccessLogParsing extends Parsing<AccessLog.Settings> implements NamesFile {
        AccessLogParsing() {
            super(AccessLogParsing::parse);
        }

        @Override
        public String in(Path folder, String text) {
            return text.equals("off") ? text : NamesFile.path(folder, text);
        }

        private static AccessLog.Settings parse(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("it is empty, as an unset variable is: write a path");
            }
            if (text.indexOf('%') >= 0) { // which would name rotated files otherwise than expected
                throw new IllegalArgumentException("'" + text + "' has a %, which the name of this file cannot have");
            }
            return text.equals("off")
                    ? AccessLog.Settings.OFF
                    : new AccessLog.Settings(true, Path.of(text), AccessLog.Format.COMBINED);
        }
    }

    /// Reads `--access-log-format`.
    static final class FormatParsing extends Parsing<AccessLog.Format> {
        FormatParsing() {
            super(FormatParsing::parse);
        }

        private static AccessLog.Format parse(String text) {
            return switch (text) {
                case "combined" -> AccessLog.Format.COMBINED;
                case "json" -> AccessLog.Format.JSON;
                default -> throw new IllegalArgumentException("'" + text + "' is not a format: write combined or json");
            };
        }
    }
}
