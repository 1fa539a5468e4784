package tunnel.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/// Starts headless Chromium. Both it and its driver must be installed, of the same version; else the test is skipped. Nothing is
/// ever looked for elsewhere.
final class Chromium {
    /// A name of somebody else's that leads to this machine, as after DNS rebinding.
    static final String REBOUND = "rebound.example";

    private Chromium() {}

    static ChromeDriver start() {
        Optional<Path> browser = onPath("chromium");
        Optional<Path> driver = onPath("chromedriver");
        assumeTrue(browser.isPresent() && driver.isPresent(), "chromium and its driver are not installed");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow().toString());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server", "--window-size=1280,800",
                "--host-resolver-rules=MAP " + REBOUND + " 127.0.0.1");
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        File program = driver.orElseThrow().toFile();
        ChromeDriver started = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(program).build(), options);
        started.manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
        return started;
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Lays the page out as a screen of this width would.
    static void width(ChromeDriver browser, int width) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    }

    /// What the system prefers, `light` or `dark`.
    static void prefers(ChromeDriver browser, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }
}
