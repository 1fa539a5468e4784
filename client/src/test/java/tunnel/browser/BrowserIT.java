package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tunnel.programs.Programs;
import tunnel.programs.RunningProgram;
import tunnel.programs.Tool;

/// A browser as a visitor. What its page sees it tells the local service, by way of the tunnel too.
@Tag("browser")
class BrowserIT {
    @Test
    void pageWithAWebSocketAndAnEventSourceWorksByNameAndByPort(@TempDir(cleanup = CleanupMode.NEVER) Path profile)
            throws Exception {
        Tool chromium = Tool.named("chromium");
        try (Programs programs = new Programs();
                PageApp app = new PageApp()) {
            programs.server();
            RunningProgram client = programs.client("--local", "" + app.port());
            for (String address : new String[] {"^(http://\\S+\\.localhost:\\d+) -> ", "^(http://localhost:\\d+) -> "}) {
                Process browser = chromium.builder(
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--no-proxy-server",
                                "--user-data-dir=" + profile,
                                client.awaitOut(address).group(1) + "/")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try {
                    assertThat(app.reports().poll(60, TimeUnit.SECONDS))
                            .isEqualTo("/report?socket=echo+hello&events=one,two,three&posted=4");
                } finally {
                    browser.descendants().forEach(ProcessHandle::destroy);
                    browser.destroy();
                    assertThat(browser.waitFor(20, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
    }
}
