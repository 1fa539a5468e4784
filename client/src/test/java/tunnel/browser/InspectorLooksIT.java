package tunnel.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// Contrast by the colours that are really there, in both themes; names and roles by which a screen reader tells what is what.
@Tag("browser")
class InspectorLooksIT extends InspectionScene {
    @BeforeAll
    static void visit() throws Exception {
        inspection.app().answers("/moved", 302, "Location: /", new byte[0]);
        inspection.app().answers("/missing", 404, "text/html", "<p class=\"a\">no<!-- way --></p>");
        inspection.app().answers("/broken", 500, "application/json", "{\"a\":[1,\"two\",null,{\"b\":true}]}");
        for (String path : new String[] {"/moved", "/missing", "/hangs-up", "/count", "/broken"}) {
            inspection.get(path);
        }
        inspection.post("/form", "application/x-www-form-urlencoded", "a=1".getBytes(UTF_8));
    }

    @Test
    void textStandsOutFromItsGroundInBothThemes() {
        for (String theme : new String[] {"light", "dark"}) {
            Chromium.prefers(inspection.browser(), theme);
            page.open(inspection.address());
            page.awaitRow("/form");
            assertContrast(theme + ", list");
            for (String path : new String[] {"/missing", "/hangs-up", "/broken"}) {
                page.select(path);
                for (String tab : new String[] {"overview", "request", "response"}) {
                    page.tab(tab);
                    assertContrast(theme + " " + path + " " + tab);
                }
            }
            page.select("/count");
            page.click("#replay");
            page.awaitText("#panel", "Replay #");
            assertContrast(theme + ", comparison");
            page.click("#edit");
            assertContrast(theme + ", form");
            page.click("#editor-cancel");
            page.click("#help-button");
            assertContrast(theme + ", help");
            page.run("document.querySelector('#help').close()");
        }
        assertThat(page.run("return getComputedStyle(document.body).backgroundColor")).isNotEqualTo("rgb(255, 255, 255)");
    }

    @Test
    void theSwitchOverridesWhatTheSystemPrefersAndStays() {
        Chromium.prefers(inspection.browser(), "light");
        page.open(inspection.address());
        page.click("#theme");
        page.click("#theme");
        assertThat(ground()).isEqualTo("rgb(20, 21, 24)");
        inspection.browser().navigate().refresh();
        page.awaitText("#session-text", "Online");
        assertThat(ground()).isEqualTo("rgb(20, 21, 24)");
        page.click("#theme");
        assertThat(ground()).isEqualTo("rgb(255, 255, 255)");
    }

    private static String ground() {
        return page.string("return getComputedStyle(document.body).backgroundColor");
    }

    /// WCAG 2.2, 1.4.3: 4.5 for each text that is seen; 1.4.11: 3 for the edges of what is typed into.
    private static void assertContrast(String where) {
        assertThat((List<?>) page.run(CONTRAST)).as(where).isEmpty();
    }

    private static final String CONTRAST = """
            const pixel = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
            const over = (colours) => {
              pixel.clearRect(0, 0, 1, 1);
              for (const colour of colours) { pixel.fillStyle = colour; pixel.fillRect(0, 0, 1, 1); }
              return [...pixel.getImageData(0, 0, 1, 1).data];
            };
            const grounds = (element) => {
              const found = [];
              for (let one = element; one; one = one.parentElement) {
                found.unshift(getComputedStyle(one).backgroundColor);
                if (one.matches('dialog')) break;
              }
              return found;
            };
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
            const open = document.querySelector('dialog[open]');
            const seen = (element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
              && !element.closest('.symbols') && (!open || open.contains(element)) && !element.closest(':disabled');
            const bad = [];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const element = walker.currentNode.parentElement;
              if (walker.currentNode.data.trim() !== '' && element && seen(element) && !element.closest('#toast')) {
                const behind = grounds(element);
                const got = ratio(over([...behind, getComputedStyle(element).color]), over(behind));
                if (got < 4.5) bad.push(got.toFixed(2) + ' ' + element.className + ': ' + walker.currentNode.data.slice(0, 40));
              }
            }
            for (const field of document.querySelectorAll('input, select, textarea')) {
              if (seen(field)) {
                const got = ratio(over([getComputedStyle(field).borderTopColor]), over(grounds(field.parentElement)));
                if (got < 3) bad.push(got.toFixed(2) + ' edge of ' + field.id);
              }
            }
            return bad;""";

    @Test
    void allThatIsUsedHasANameAndARole() {
        page.open(inspection.address());
        page.select("/broken");
        for (WebElement one : inspection.browser().findElements(By.cssSelector("button, a[href], input, select, textarea, [role=tab], [tabindex='0']"))) {
            if (one.isDisplayed()) {
                assertThat(one.getAccessibleName()).as(one.getDomProperty("outerHTML")).isNotBlank();
                assertThat(one.getAriaRole()).as(one.getDomProperty("outerHTML")).isNotIn("generic", "none", "");
            }
        }
        for (WebElement dialog : inspection.browser().findElements(By.tagName("dialog"))) {
            assertThat(page.string("return document.getElementById(arguments[0].getAttribute('aria-labelledby')).textContent", dialog))
                    .isNotBlank();
        }
    }

    @Test
    void rolesFitTogether() {
        page.open(inspection.address());
        page.select("/broken");
        assertThat(page.run("return document.documentElement.lang")).isEqualTo("en");
        assertThat(page.number("[...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size"))
                .as("ids are used once").isZero();
        assertThat(page.run("""
                const list = document.querySelector('[role=listbox]');
                const current = document.getElementById(list.getAttribute('aria-activedescendant'));
                return current.getAttribute('role') + ' ' + current.getAttribute('aria-selected')""")).isEqualTo("option true");
        assertThat(page.run("""
                return [...document.querySelectorAll('[role=tab]')].every(tab =>
                  document.getElementById(tab.getAttribute('aria-controls')).getAttribute('role') === 'tabpanel')""")).isEqualTo(true);
        assertThat(page.run("""
                return [...document.querySelectorAll('[role=treeitem]')].every(item => item.closest('[role=tree]')
                  && ['tree', 'group'].includes(item.parentElement.getAttribute('role')))""")).isEqualTo(true);
        assertThat(page.number("[...document.querySelectorAll('img')].filter(image => !image.hasAttribute('alt')).length")).isZero();
        assertThat(page.string("return [...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility()).map(one => one.tagName).join(' ')")).startsWith("H1 H2");
        assertThat(page.number("""
                [...document.querySelectorAll('button, .button, [role=tab], summary')].map(one => one.getBoundingClientRect())
                  .filter(box => box.width > 0 && (box.height < 24 || box.width < 24)).length""")).isZero();
    }

    @Test
    void whatArrivesIsNotReadOutButWhatOneDoesIs() throws Exception {
        page.open(inspection.address());
        assertThat(page.run("return document.querySelector('#list').closest('[aria-live], [role=status], [role=alert], [role=log]')")).isNull();
        assertThat(page.run("return document.querySelector('#toast').getAttribute('role')")).isEqualTo("status");
        assertThat(page.run("return document.querySelector('#banner').getAttribute('role')")).isEqualTo("alert");
    }
}
