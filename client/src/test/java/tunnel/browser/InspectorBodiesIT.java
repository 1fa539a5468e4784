package tunnel.browser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// Bodies of each kind, messages as they pass, and what is said of those that are not whole.
@Tag("browser")
class InspectorBodiesIT extends InspectionScene {
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static void look(String path, String fields, byte[] body) throws Exception {
        inspection.app().answers(path, 200, fields, body);
        inspection.get(path);
        page.select(path);
        page.tab("response");
    }

    @Test
    void jsonIsATreeThatClosesAndIsSearched() throws Exception {
        look("/json", "Content-Type: application/json", "{\"id\":12345678901234567890,\"deep\":{\"er\":[1,{\"needle\":true}]}}".getBytes(UTF_8));
        assertThat(page.text("[role=tree]")).contains("12345678901234567890").contains("\"needle\": true");
        page.run("document.querySelectorAll('[role=treeitem][aria-expanded=true]')[1].querySelector('.line').click()");
        assertThat(page.text("[role=tree]")).contains("1 key").doesNotContain("needle");
        page.write(".finder input", "needle");
        page.awaitText(".finder", "1 of 1");
        assertThat(page.text(".found")).contains("\"needle\": true");
    }

    @Test
    void aFormIsATable() throws Exception {
        inspection.post("/form", "application/x-www-form-urlencoded", "name=Ada+L&note=%E2%82%AC%3D1".getBytes(UTF_8));
        page.select("/form");
        page.tab("request");
        assertThat(page.text("[aria-label='Form fields']")).contains("Ada L").contains("€=1");
    }

    @Test
    void queryParametersAreATable() throws Exception {
        inspection.get("/find?q=red%20lamp&page=2");
        page.select("/find?q=red%20lamp&page=2");
        page.tab("request");
        assertThat(page.text("[aria-label='Query parameters']")).contains("red lamp").contains("page");
    }

    @Test
    void multipartIsItsParts() throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSummer\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                + "\u0000\u00ff\u0001\r\n--b--\r\n";
        inspection.post("/upload", "multipart/form-data; boundary=b", body.getBytes(ISO_8859_1));
        page.select("/upload");
        page.tab("request");
        assertThat(page.text(".parts")).contains("title").contains("Summer").contains("a.bin").contains("00 ff 01");
    }

    @Test
    void xmlGetsALineForEachTag() throws Exception {
        look("/xml", "Content-Type: application/xml", "<a><b c='d'>e</b><f/></a>".getBytes(UTF_8));
        assertThat(page.text("pre.text")).isEqualTo("<a>\n  <b c='d'>e</b>\n  <f/>\n</a>");
    }

    @Test
    void pixelsAreAnImage() throws Exception {
        look("/pixel.png", "Content-Type: image/png", PIXEL);
        page.awaitText("figcaption", "1 × 1");
        assertThat(page.number("document.querySelector('.picture').naturalWidth")).isEqualTo(1);
    }

    @Test
    void svgIsTextSinceItCouldHoldAScript() throws Exception {
        look("/x.svg", "Content-Type: image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".getBytes(UTF_8));
        assertThat(page.text("pre.text")).contains("<script>1</script>");
        assertThat(page.number("document.querySelectorAll('#panel img, #panel svg:not(.icon)').length")).isZero();
    }

    @Test
    void otherBytesAreInHex() throws Exception {
        look("/bytes", "Content-Type: application/octet-stream", new byte[] {0, 1, (byte) 0xfe, 'h', 'i'});
        assertThat(page.text(".hex")).contains("00000000  00 01 fe 68 69").contains("···hi");
    }

    @Test
    void textMayBeLookedAtInHex() throws Exception {
        look("/text", "Content-Type: text/plain", "plain words".getBytes(UTF_8));
        assertThat(page.text("pre.text")).isEqualTo("plain words");
        page.press("Hex");
        assertThat(page.text(".hex")).contains("70 6c 61 69 6e");
    }

    @Test
    void gzipIsUnpackedAndSaidToBe() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"was\":\"small\"}".getBytes(UTF_8));
        }
        look("/gzip", "Content-Type: application/json\nContent-Encoding: gzip", packed.toByteArray());
        assertThat(page.text("[role=tree]")).contains("\"was\": \"small\"");
        assertThat(page.text(".body h3")).contains("gzip, decoded");
    }

    @Test
    void whatCannotBeUnpackedIsSaidAndShownAsItCame() throws Exception {
        look("/zstd", "Content-Type: text/plain\nContent-Encoding: zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 7});
        assertThat(page.text(".body .note")).contains("zstd").contains("could not be unpacked");
        assertThat(page.text(".hex")).contains("28 b5 2f fd 07");
    }

    @Test
    void ofALargeBodyItSaysHowMuchWasKept() throws Exception {
        byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        look("/large", "Content-Type: application/octet-stream", large);
        assertThat(page.text(".body .note")).matches("Only the first [12]\\d\\d KiB of 1.0 MiB were kept.");
        assertThat(page.number("document.querySelectorAll('#panel *').length")).isLessThan(300);
    }

    @Test
    void maskedFieldsAreSaidToBe() throws Exception {
        inspection.visit(java.net.http.HttpRequest.newBuilder(inspection.site("/masked")).header("Authorization", "Basic c2VjcmV0"));
        page.select("/masked");
        page.tab("overview");
        page.awaitText("#panel", "Masked before it was stored: Authorization");
        assertThat(page.string("return document.body.textContent")).doesNotContain("c2VjcmV0");
    }

    @Test
    void framesOfAWebSocketAppearAsTheyPass() throws Exception {
        WebSocket socket = inspection.visitors().newWebSocketBuilder()
                .buildAsync(java.net.URI.create(inspection.site("/socket").toString().replace("http", "ws")), new Asking())
                .join();
        socket.sendText("first words", true).join();
        page.select("/socket");
        page.tab("messages");
        page.awaitText(".messages", "first words");
        socket.sendText("{\"second\":2}", true).join();
        Page.await("both ways").until(() -> page.number("document.querySelectorAll('.message').length") == 4);
        page.run("document.querySelectorAll('.message')[3].querySelector('summary').click()");
        page.awaitText(".message[open] [role=tree]", "\"second\": 2");
        socket.abort();
    }

    private static final class Asking implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedStage(null);
        }
    }

    @Test
    void eventsOfAStreamAppearAsTheyPass() throws Exception {
        var answer = inspection.visitors().sendAsync(
                java.net.http.HttpRequest.newBuilder(inspection.site("/events")).build(), java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        inspection.app().event("one");
        page.select("/events");
        page.tab("messages");
        page.awaitText(".messages", "one");
        inspection.app().event("two");
        page.awaitText(".messages", "two");
        answer.join().body().close();
    }

    @Test
    void theTreeIsWalkedByArrows() throws Exception {
        look("/walk", "Content-Type: application/json", "{\"a\":{\"b\":1},\"c\":2}".getBytes(UTF_8));
        page.run("document.querySelector('[role=treeitem]').focus()");
        page.keys(Keys.ARROW_DOWN, Keys.ARROW_LEFT);
        assertThat(page.text("[role=tree]")).contains("1 key");
        page.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertThat(page.string("return document.activeElement.innerText")).contains("\"b\": 1");
    }
}
