package tunnel.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.MatchResult;
import org.openqa.selenium.chrome.ChromeDriver;
import tunnel.fixture.OwnPorts;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;

/// A server, a client with its inspector, an app behind it, and a browser on the page.
final class Inspection implements AutoCloseable {
    private final ChromeDriver browser = Chromium.start();
    private final Programs programs = new Programs();
    private final SampleApp app = new SampleApp();
    private final HttpClient visitors = HttpClient.newHttpClient();
    private final RunningProgram server;
    private final RunningProgram client;
    private final String site;
    private final String origin;
    private final String token;
    private final Page page;

    Inspection(String... options) throws IOException {
        String[] all = new String[options.length + 4];
        System.arraycopy(new String[] {"--local", "" + app.port(), "--inspect", "" + OwnPorts.take()}, 0, all, 0, 4);
        System.arraycopy(options, 0, all, 4, options.length);
        server = programs.server().program();
        client = programs.client(all);
        site = client.awaitOut("^(http://localhost:\\d+) -> ").group(1);
        MatchResult inspector = client.awaitErr("inspector at (http://localhost:\\d+)/\\?token=(\\S+)");
        origin = inspector.group(1);
        token = inspector.group(2);
        page = new Page(browser).open(address());
    }

    SampleApp app() {
        return app;
    }

    ChromeDriver browser() {
        return browser;
    }

    Page page() {
        return page;
    }

    RunningProgram server() {
        return server;
    }

    RunningProgram client() {
        return client;
    }

    /// Starts another client, with its inspector where the first one's was.
    RunningProgram anotherClient() throws IOException {
        return programs.client("--local", "" + app.port(), "--inspect", "" + URI.create(origin).getPort());
    }

    /// The inspector's address as the client prints it.
    String address() {
        return origin + "/?token=" + token;
    }

    /// The inspector's, without a path.
    String origin() {
        return origin;
    }

    String token() {
        return token;
    }

    /// The public port.
    int port() {
        return URI.create(site).getPort();
    }

    /// A visitor's GET.
    ///
    /// @return the body of the answer
    String get(String path) throws IOException, InterruptedException {
        return visit(HttpRequest.newBuilder(URI.create(site + path)));
    }

    /// A visitor's POST.
    String post(String path, String type, byte[] body) throws IOException, InterruptedException {
        return visit(HttpRequest.newBuilder(URI.create(site + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    String visit(HttpRequest.Builder request) throws IOException, InterruptedException {
        return visitors.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /// The public address.
    URI site(String path) {
        return URI.create(site + path);
    }

    HttpClient visitors() {
        return visitors;
    }

    /// Asks the inspector as a program does.
    HttpRequest.Builder api(String path) {
        return HttpRequest.newBuilder(URI.create(origin + path)).header("Authorization", "Bearer " + token);
    }

    /// Drops what the browser has said so far.
    void complaintsAreExpected() {
        page.complaints();
    }

    @Override
    public void close() throws IOException {
        visitors.close();
        programs.close();
        app.close();
        browser.quit();
    }
}
