package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/// The inspector's page, by what its user sees of it.
final class Page {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver browser;

    Page(ChromeDriver browser) {
        this.browser = browser;
    }

    /// Opens an address and waits until the page hears the client.
    Page open(String address) {
        browser.get(address);
        awaitText("#session-text", "Online");
        return this;
    }

    /// Waits for what follows, as long as a busy machine may need.
    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).ignoreExceptionsInstanceOf(
                org.openqa.selenium.WebDriverException.class);
    }

    /// The text of the first element for a selector, as its user sees it, or empty.
    String text(String selector) {
        return string("const found = document.querySelector(arguments[0]); return found?.checkVisibility() ? found.innerText : ''", selector);
    }

    void awaitText(String selector, String part) {
        await(selector + " says " + part).untilAsserted(() -> assertThat(text(selector)).contains(part));
    }

    /// The paths of the rows in the document, the newest first.
    @SuppressWarnings("unchecked")
    List<String> paths() {
        return (List<String>) Objects.requireNonNull(run("""
                return [...document.querySelectorAll('.row')]
                  .sort((a, b) => a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset'))
                  .map(row => row.querySelector('.path').textContent)"""));
    }

    void awaitRow(String path) {
        await("row " + path).untilAsserted(() -> assertThat(paths()).contains(path));
    }

    /// Clicks the newest row of a path, and waits for what the client tells of it.
    void select(String path) {
        awaitRow(path);
        await("click on " + path).until(() -> {
            rowOf(path).click();
            return true;
        });
        awaitDetail(path);
    }

    void awaitDetail(String path) {
        awaitText("#detail-path", path);
        await("the detail of " + path).until(() -> text("#panel").length() > 0);
    }

    private WebElement rowOf(String path) {
        return (WebElement) Objects.requireNonNull(run("""
                return [...document.querySelectorAll('.row')]
                  .sort((a, b) => a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset'))
                  .find(row => row.querySelector('.path').textContent === arguments[0])""", path));
    }

    void tab(String name) {
        await("tab " + name).until(() -> !browser.findElements(By.id("tab-" + name)).isEmpty());
        browser.findElement(By.id("tab-" + name)).click();
        assertThat(browser.findElement(By.id("tab-" + name)).getAttribute("aria-selected")).isEqualTo("true");
    }

    void click(String selector) {
        browser.findElement(By.cssSelector(selector)).click();
    }

    /// Clicks the button in the panel that has this text.
    void press(String text) {
        browser.findElement(By.xpath("//*[@id='panel']//button[text()='" + text + "']")).click();
    }

    /// Types on the keyboard, wherever the focus is.
    void keys(CharSequence... keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    /// Presses a key while another is held.
    void chord(Keys held, CharSequence key) {
        new Actions(browser).keyDown(held).sendKeys(key).keyUp(held).perform();
    }

    /// Writes into a field, in place of what is there.
    void write(String selector, String text) {
        WebElement field = browser.findElement(By.cssSelector(selector));
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
    }

    /// Chooses from a drop-down list.
    void choose(String selector, String value) {
        run("const list = document.querySelector(arguments[0]); list.value = arguments[1]; list.dispatchEvent(new Event('change'))",
                selector, value);
    }

    /// What a script says.
    String string(String script, Object... arguments) {
        return String.valueOf(run(script, arguments));
    }

    /// Runs a script in the page.
    @Nullable Object run(String script, Object... arguments) {
        return browser.executeScript(script, arguments);
    }

    long number(String script, Object... arguments) {
        return ((Number) Objects.requireNonNull(run("return " + script, arguments))).longValue();
    }

    /// What the browser complained of: scripts that broke, what the policy refused.
    List<String> complaints() {
        return browser.manage().logs().get("browser").getAll().stream().map(Object::toString).toList();
    }
}
