package tunnel.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import tunnel.log.Printable;

/// What a visitor is answered with, as far as `doctor` wants to know. A browser takes `*.localhost` for loopback whatever the
/// resolver says, and so does this; the JDK's own HTTP client would not.
///
/// @param head all of it
/// @param body as it came, at most 64 KiB with the head
record WebAnswer(String head, String body) {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MOST = 64 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})\\b.*", Pattern.DOTALL);

    /// Asks for a path, on a connection that ends with the answer.
    ///
    /// @param url its path is not used
    /// @throws IOException with the reason in a few words
    static WebAnswer get(URI url, String path) throws IOException {
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        try (Socket plain = connect(url.getHost(), port);
                Socket socket = tls ? secured(plain, url.getHost(), port) : plain) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                    + "\r\nAccept: application/json\r\nUser-Agent: tunnel-client doctor\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return read(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within 5 s", e);
        } catch (SSLException e) {
            throw new IOException("no TLS that this computer trusts: " + Printable.of(e.getMessage()), e);
        }
    }

    /// Each address in turn.
    private static Socket connect(String host, int port) throws IOException {
        IOException failure = new UnknownHostException("unknown host");
        for (InetAddress address : addresses(host)) {
            Socket socket = new Socket();
            try {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
                return socket;
            } catch (ConnectException e) {
                socket.close();
                failure = new IOException("connection refused", e);
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        if (host.equals("localhost") || host.endsWith(".localhost")) { // RFC 6761, section 6.3
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};
        }
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new UnknownHostException("unknown host");
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static WebAnswer read(InputStream in) throws IOException {
        String all = new String(in.readNBytes(MOST), ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        if (end < 0 || !STATUS.matcher(all).matches()) {
            throw new IOException("what answers is no HTTP");
        }
        return new WebAnswer(all.substring(0, end), all.substring(end + 4));
    }

    int status() {
        Matcher matcher = STATUS.matcher(head);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /// What calls itself so, or empty.
    String server() {
        return Printable.of(field("Server"));
    }

    private String field(String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /// By the other end's clock, or null.
    @Nullable Instant date() {
        try {
            return ZonedDateTime.parse(field("Date"), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
