package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What strangers write into every field is only ever read, and pages of others can neither look nor replay.
@Tag("browser")
class InspectorHostileIT extends InspectionScene {
    private static final String SCRIPT = "\"'><script>window.hacked=1</script><img src=/stolen onerror=window.hacked=1><svg onload=window.hacked=1>";

    @Test
    void scriptsInEveryFieldAreOnlyText() throws Exception {
        page.open(inspection.address());
        long elements = page.number("document.querySelectorAll('script, img, iframe, object, embed, link, style, form').length");
        String json = "{\"__proto__\":{\"hacked\":1},\"" + SCRIPT.replace("\"", "\\\"") + "\":\"" + SCRIPT.replace("\"", "\\\"") + "\"}";
        for (String type : List.of("text/html", "application/json", "application/xml", "image/svg+xml", "image/png", "text/plain",
                "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", SCRIPT)) {
            String body = switch (type) {
                case "application/json" -> json;
                case "multipart/form-data; boundary=b" ->
                    "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"<img src=/stolen>\"\r\nX: " + SCRIPT + "\r\n\r\n" + SCRIPT + "\r\n--b--\r\n";
                default -> SCRIPT;
            };
            inspection.app().answers("/hostile", 500, "Content-Type: " + type + "\nX-Said: " + SCRIPT + "\nSet-Cookie: " + SCRIPT
                    + "\nLocation: javascript:window.hacked=1", body.getBytes(UTF_8));
            String path = "/hostile?a=';window.hacked=1;//&" + Integer.toHexString(type.hashCode());
            send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Asked: " + SCRIPT + "\r\nReferer: javascript:window.hacked=1\r\nContent-Type: "
                    + type + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
            page.select(path);
            for (String tab : List.of("request", "response", "overview")) {
                page.tab(tab);
                page.run("[...document.querySelectorAll('.choices')].forEach(way => [...way.children].forEach(one => one.click()))");
            }
            page.tab("request");
            assertThat(page.text("#panel")).contains("<script>window.hacked=1</script>");
            page.click("#edit");
            page.click("#editor-cancel");
        }
        assertInert(elements);
    }

    private static void assertInert(long elements) {
        assertThat(page.run("return window.hacked ?? ({}).hacked ?? null")).isNull();
        assertThat(page.number("document.querySelectorAll('script, img:not(.picture), iframe, object, embed, link, style, form').length"))
                .isEqualTo(elements);
        assertThat(page.number("document.querySelectorAll('[onload], [onerror], [style*=url]').length")).isZero();
        assertThat(page.number("""
                [...document.querySelectorAll('a[href]')].filter(link => !/^https?:$/.test(new URL(link.href).protocol)).length""")).isZero();
        assertThat((List<?>) page.run("""
                return performance.getEntriesByType('resource').map(entry => entry.name)
                  .filter(name => !name.startsWith(location.origin) && !name.startsWith('blob:' + location.origin))""")).isEmpty();
        assertThat(page.number("performance.getEntriesByType('resource').filter(entry => entry.name.includes('stolen')).length")).isZero();
        assertThat(page.complaints()).isEmpty();
    }

    /// As bytes, since a proper client refuses to send this.
    private static String send(String request) throws IOException {
        return send(inspection.port(), request);
    }

    private static String send(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /// The public site is on localhost as the inspector is, so the browser sends it the inspector's cookie: the worst case.
    @Test
    void aPageOfTheTunnelItselfCannotReplayNorRead() throws Exception {
        page.open(inspection.address());
        inspection.get("/count");
        page.awaitRow("/count");
        inspection.app().answers("/attack", 200, "text/html", """
                <!doctype html><title>attack</title><script>
                const target = 'INSPECTOR/api/requests';
                const tries = [
                  fetch(target + '/1/replay', {method: 'POST', credentials: 'include', mode: 'no-cors'}),
                  fetch(target + '/1/replay', {method: 'POST', credentials: 'include', headers: {'X-Tunnel-Inspector': '1'}}),
                  fetch(target, {method: 'DELETE', credentials: 'include', headers: {'X-Tunnel-Inspector': '1'}}),
                  fetch(target, {credentials: 'include'}).then(answer => answer.text()),
                ];
                Promise.allSettled(tries).then(results => {
                  document.title = 'read ' + (results[3].status === 'fulfilled' ? results[3].value : 'nothing');
                });
                </script>
                <form method="post" action="INSPECTOR/api/requests/1/replay" target="frame"></form><iframe name="frame"></iframe>
                <iframe src="INSPECTOR/"></iframe><script>document.forms[0].submit()</script>
                """.replace("INSPECTOR", inspection.origin()));
        inspection.browser().get(inspection.site("/attack").toString());
        Page.await("tried").untilAsserted(() -> assertThat(inspection.browser().getTitle()).isEqualTo("read nothing"));
        inspection.complaintsAreExpected();
        page.open(inspection.address());
        page.awaitRow("/count");
        String all = inspection.visit(inspection.api("/api/requests"));
        assertThat(all).contains("/count").contains("\"replayOf\":0").doesNotContainPattern("\"replayOf\":[1-9]");
        assertThat(inspection.get("/count")).as("asked for once before").contains("\"count\":2");
    }

    @Test
    void withoutTheTokenThereIsNothingToSee() throws Exception {
        HttpResponse<String> answer = inspection.visitors().send(
                HttpRequest.newBuilder(URI.create(inspection.origin() + "/api/requests")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("visitor");
    }

    @Test
    void aNameThatWasReboundToThisMachineIsRefused() throws Exception {
        int port = URI.create(inspection.origin()).getPort();
        inspection.browser().get("http://" + Chromium.REBOUND + ":" + port + "/?token=" + inspection.token());
        assertThat(inspection.browser().getPageSource()).doesNotContain("inspector.js");
        inspection.complaintsAreExpected();
        assertThat(send(port, "GET /api/requests HTTP/1.1\r\nHost: " + Chromium.REBOUND + ":" + port + "\r\nAuthorization: Bearer "
                        + inspection.token() + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }
}
