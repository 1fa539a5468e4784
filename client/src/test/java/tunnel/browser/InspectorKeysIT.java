package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// The page without a mouse, and on a telephone's screen.
@Tag("browser")
class InspectorKeysIT extends InspectionScene {
    @BeforeAll
    static void visit() throws Exception {
        inspection.app().answers("/second", 500, "application/json", "{\"why\":\"broken\"}");
        inspection.get("/first?q=1");
        inspection.get("/second");
        inspection.post("/third", "text/plain", "third body".getBytes(UTF_8));
    }

    @Test
    void allIsDoneByKeyboardAlone() {
        page.open(inspection.address());
        page.awaitRow("/third");
        page.keys("j");
        page.awaitDetail("/third");
        page.keys("j");
        page.awaitDetail("/second");
        page.keys("k", Keys.ENTER);
        page.awaitDetail("/third");
        Page.await("in the detail").until(() -> "panel".equals(focused()));
        page.keys("2");
        page.awaitText("#panel", "Headers");
        assertThat(page.text("[role=tab][aria-selected=true]")).isEqualTo("Request");
        page.chord(Keys.SHIFT, Keys.TAB);
        page.keys(Keys.ARROW_RIGHT);
        assertThat(page.text("[role=tab][aria-selected=true]")).isEqualTo("Response");
        page.keys(Keys.ESCAPE);
        assertThat(focused()).isEqualTo("list");

        page.keys("/");
        assertThat(focused()).isEqualTo("q");
        page.keys("broken");
        Page.await("filtered").until(() -> page.paths().size() == 1);
        page.keys(Keys.ESCAPE, "j", "r");
        page.awaitText("#panel", "Replay #");
        page.keys("/");
        page.chord(Keys.CONTROL, "a");
        page.keys(Keys.DELETE, Keys.ESCAPE);
        Page.await("all and the replay").until(() -> page.paths().size() >= 4);

        page.keys("e");
        Page.await("the form").until(() -> "editor-path".equals(focused()));
        page.chord(Keys.CONTROL, "a");
        page.keys("/edited");
        page.chord(Keys.CONTROL, Keys.ENTER);
        page.awaitDetail("/edited");
        page.keys("?");
        page.awaitText("#help", "edit and replay");
        page.keys(Keys.ESCAPE);
        page.keys("p");
        page.awaitText("#held", "Paused");
        page.keys("p", "G");
        page.awaitDetail("/first?q=1");
        assertThat(page.complaints()).isEmpty();
    }

    private static String focused() {
        return page.string("return document.activeElement.id");
    }

    @Test
    void whatHasTheFocusIsSeenToHaveIt() {
        page.open(inspection.address());
        page.awaitRow("/third");
        page.keys("j");
        page.awaitDetail("/third");
        for (int i = 0; i < 20; i++) {
            page.keys(Keys.TAB);
            assertThat(page.run("""
                    const row = document.getElementById(document.activeElement.getAttribute('aria-activedescendant'));
                    const style = getComputedStyle(row ?? document.activeElement);
                    return document.activeElement === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)"""))
                    .as("outline of %s", page.string("return document.activeElement.outerHTML"))
                    .isEqualTo(true);
        }
    }

    @Test
    void at360PixelsListAndDetailAreTwoViewsWithAWayBack() {
        Chromium.width(inspection.browser(), 360);
        try {
            page.open(inspection.address());
            page.awaitRow("/second");
            assertFits();
            assertThat(page.text("#detail-path")).isEmpty();
            page.select("/second");
            assertThat(page.paths()).isNotEmpty();
            assertThat(page.number("document.querySelector('#list').offsetWidth")).isZero();
            for (String tab : new String[] {"overview", "request", "response"}) {
                page.tab(tab);
                assertFits();
            }
            page.click("#edit");
            assertFits();
            page.click("#editor-cancel");
            page.click("#back");
            assertThat(page.number("document.querySelector('#list').offsetWidth")).isEqualTo(360);
        } finally {
            Chromium.width(inspection.browser(), 1280);
        }
    }

    /// Nothing is cut off at the side, and all that is pressed is in reach.
    private static void assertFits() {
        assertThat(page.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        assertThat(page.number("document.querySelector('#panel').scrollWidth - document.querySelector('#panel').clientWidth")).isZero();
        assertThat(page.run("""
                return [...document.querySelectorAll('button, .button, input, select, textarea')]
                  .map(one => [one, one.getBoundingClientRect()])
                  .filter(([one, box]) => box.width > 0 && !one.closest('#tunnels') && (box.left < 0 || box.right > 360))
                  .map(([one]) => one.outerHTML).join()""")).isEqualTo("");
    }
}
