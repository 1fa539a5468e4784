package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replays, as it was and edited, beside the original; and what one takes away: HAR and curl.
@Tag("browser")
class InspectorReplayIT extends InspectionScene {
    @Test
    void aReplayIsShownWithWhatDiffers() throws Exception {
        inspection.get("/count");
        page.select("/count");
        page.click("#replay");
        page.awaitText("#panel", "Replay #");
        assertThat(page.text(".sides")).contains("Original #").contains("200");
        assertThat(page.text(".diff .gone")).contains("\"count\": 1");
        assertThat(page.text(".diff .new")).contains("\"count\": 2");
        assertThat(page.text("#toast")).contains("Replayed").contains("200");
        Page.await("a row of its own").until(() -> page.number("document.querySelectorAll('.row .tag svg[aria-label^=\"replay of\"]').length") > 0);
    }

    @Test
    void aReplayWithTheSameAnswerSaysSo() throws Exception {
        inspection.get("/same");
        page.select("/same");
        page.click("#replay");
        page.awaitText("#panel", "Replay #");
        assertThat(page.text("#panel")).contains("The same.");
    }

    @Test
    void anEditedReplayIsSentAsItWasEdited() throws Exception {
        inspection.visit(java.net.http.HttpRequest.newBuilder(inspection.site("/echo?a=1"))
                .header("Authorization", "Basic c2VjcmV0")
                .header("Content-Type", "text/plain")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("first body")));
        page.select("/echo?a=1");
        page.click("#edit");
        assertThat(page.run("return document.querySelector('#editor-body').value")).isEqualTo("first body");
        assertThat(page.string("return document.querySelector('#editor-headers').value")).doesNotContain("Authorization");
        page.awaitText("#editor-notes", "Authorization");
        page.write("#editor-method", "PUT");
        page.write("#editor-path", "/echo?a=2");
        page.write("#editor-headers", "X-Mine: yes\nContent-Type: text/plain");
        page.write("#editor-body", "second body ü");
        page.click("#editor-send");
        page.awaitText("#detail-path", "/echo?a=2");
        page.awaitText("#panel", "Replay #");
        page.tab("response");
        assertThat(page.text("pre.text")).startsWith("PUT /echo?a=2 HTTP/1.1").contains("X-Mine: yes").contains("second body");
    }

    @Test
    void whatCannotBeSentIsSaidInTheForm() throws Exception {
        inspection.get("/echo?wrong");
        page.select("/echo?wrong");
        page.click("#edit");
        page.write("#editor-headers", "this is no field");
        page.click("#editor-send");
        page.awaitText("#editor-error", "'this is no field' is not a field");
        page.click("#editor-cancel");
    }

    @Test
    void oneAndAllAreDownloadedAsHarThatAStrictReaderTakes(@TempDir Path folder) throws Exception {
        inspection.browser().executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        inspection.post("/har?x=1", "application/json", "{\"a\":\"ü\"}".getBytes(UTF_8));
        inspection.get("/count");
        page.select("/har?x=1");
        page.click("#har");
        List<?> one = Har.entries(downloaded(folder));
        assertThat(one).hasSize(1);
        page.choose("#method", "POST");
        Page.await("filtered").until(() -> !page.paths().contains("/count"));
        page.click("#har-all");
        List<?> posts = Har.entries(downloaded(folder));
        assertThat(posts).isNotEmpty().allSatisfy(entry -> assertThat(Har.at(entry, "request", "method")).isEqualTo("POST"));
        page.choose("#method", "");
    }

    /// The file that is there as a whole, which is taken away for the next.
    private static String downloaded(Path folder) throws Exception {
        Path file = Page.await("a file").until(
                () -> {
                    try (Stream<Path> files = Files.list(folder)) {
                        return files.filter(one -> one.toString().endsWith(".har")).findFirst().orElse(null);
                    }
                },
                found -> found != null);
        String text = Files.readString(file);
        Files.delete(file);
        return text;
    }

    @Test
    void curlIsOneCopyAway() throws Exception {
        inspection.browser().executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("origin", inspection.origin(), "permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        inspection.get("/to-copy");
        page.select("/to-copy");
        page.click("#curl");
        page.awaitText("#toast", "Copied as curl.");
        assertThat(page.string("return navigator.clipboard.readText()")).startsWith("curl ").contains("/to-copy");
    }
}
