package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;
import tunnel.programs.RunningProgram;

/// What the page says while something is wrong: with the app, with the server, with the client whose page it is.
@Tag("browser")
class InspectorStandingIT {
    @Test
    void whatIsWrongIsSaidInABannerAndTakenBack() throws Exception {
        try (Inspection inspection = new Inspection()) {
            Page page = inspection.page();
            assertThat(page.text("#banner")).isEmpty();
            inspection.get("/before");
            page.awaitRow("/before");

            int port = inspection.app().port();
            inspection.app().close();
            inspection.get("/nobody-there");
            page.awaitText("#banner", "localhost:" + port);
            page.awaitText("#banner", "Is your app running?");
            assertThat(page.number("document.querySelectorAll('.tunnel.down').length")).isEqualTo(1);

            inspection.server().kill();
            page.awaitText("#session-text", "Offline");

            inspection.client().kill();
            page.awaitText("#session-text", "Disconnected");
            page.awaitText("#banner", "tunnel-client does not answer");
            assertThat(page.paths()).as("what was there is still to be read").contains("/before");
        }
    }

    /// The cookie is of the port, so whoever opens the new address anywhere gives it to this page too.
    @Test
    void aPageOfAnEarlierRunSaysWhichToOpenAndThenGoesOnByItself() throws Exception {
        try (Inspection inspection = new Inspection()) {
            Page page = inspection.page();
            inspection.client().kill();
            page.awaitText("#session-text", "Disconnected");
            RunningProgram other = inspection.anotherClient();
            page.awaitText("#banner", "earlier run");
            page.run("window.stillThis = true");

            String first = inspection.browser().getWindowHandle();
            inspection.browser().switchTo().newWindow(WindowType.TAB).get(other.awaitErr("inspector at (\\S+)").group(1));
            inspection.browser().switchTo().window(first);
            page.awaitText("#session-text", "Online");
            assertThat(page.text("#banner")).isEmpty();
            inspection.visit(HttpRequest.newBuilder(URI.create(other.awaitOut("^(http://localhost:\\d+) -> ").group(1) + "/of-the-new-run")));
            page.awaitRow("/of-the-new-run");
            assertThat(page.run("return window.stillThis")).as("it was not loaded anew").isEqualTo(true);
        }
    }
}
