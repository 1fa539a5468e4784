package tunnel.server.edge;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a page of the edge's own is written as.
enum PageFormat {
    HTML("text/html; charset=utf-8"),
    JSON("application/json"),
    TEXT("text/plain; charset=utf-8");

    private static final Pattern QUALITY = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");
    private static final int ONE = 1000; // q values have three decimals

    private final String contentType;

    PageFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /// What a visitor with this Accept field (RFC 9110, section 12.5.1) reads best: of those that it names the one with the
    /// highest q, HTML before JSON before text; text where it names none, as curl does.
    ///
    /// @param accept empty where there is none; several fields are joined by commas
    static PageFormat of(String accept) {
        int html = 0;
        int json = 0;
        int text = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            int q = quality(parts);
            switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                case "text/html", "application/xhtml+xml" -> html = Math.max(html, q);
                case "application/json", "application/problem+json" -> json = Math.max(json, q);
                case "text/plain" -> text = Math.max(text, q);
                default -> {} // a wildcard says nothing about who reads
            }
        }
        if (html > 0 && html >= json && html >= text) {
            return HTML;
        }
        return json > 0 && json >= text ? JSON : TEXT;
    }

    /// In thousandths; 0 where it is malformed.
    private static int quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2);
                return QUALITY.matcher(value).matches() ? (int) Math.round(Double.parseDouble(value) * ONE) : 0;
            }
        }
        return ONE;
    }
}
