package tunnel.inspect.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tunnel.inspect.CaptureScene;

/// The commands, run by a real shell, in which `curl` says what it was given.
class CurlTest {
    private record Said(List<String> arguments, String input) {}

    private static Said said(String request) throws Exception {
        try (CaptureScene scene = new CaptureScene()) {
            scene.exchange(request, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return run(Curl.command(scene.over(1)));
        }
    }

    private static Said run(String command) throws Exception {
        Process shell = new ProcessBuilder("sh", "-s").start();
        String script = "curl() { for one; do printf '%s\\0' \"$one\"; done; printf '\\0\\0'; "
                + "case \"$*\" in *@-) cat;; esac; }\n" + command + "\n";
        shell.getOutputStream().write(script.getBytes(UTF_8));
        shell.getOutputStream().close();
        byte[] out = shell.getInputStream().readAllBytes();
        String errors = new String(shell.getErrorStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor()).as(command + errors).isZero();
        assertThat(errors).isEmpty();
        String all = new String(out, UTF_8);
        int end = all.indexOf("\0\0\0");
        String input = new String(out, ISO_8859_1);
        return new Said(
                List.of(all.substring(0, end).split("\0", -1)), input.substring(input.indexOf("\0\0\0") + 3));
    }

    @Test
    void aRequestIsRepeatedWithWhatMattersOfIt() throws Exception {
        assertThat(said("POST /a?b=c HTTP/1.1\r\nHost: a.example:81\r\nUser-Agent: x\r\nContent-Type: text/plain\r\nX-Empty:\r\n"
                        + "X-Forwarded-Host: public.example\r\nX-Forwarded-Proto: https\r\nContent-Length: 5\r\n\r\nhello").arguments)
                .containsExactly("--globoff", "--path-as-is", "--request", "POST", "--url", "https://public.example/a?b=c",
                        "--header", "User-Agent: x", "--header", "Content-Type: text/plain", "--header", "X-Empty;",
                        "--header", "Accept:", "--data-raw", "hello");
        assertThat(said("HEAD /a HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nUser-Agent: x\r\n\r\n").arguments)
                .containsExactly("--globoff", "--path-as-is", "--head", "--url", "http://a.example/a",
                        "--header", "Accept: */*", "--header", "User-Agent: x");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "$(touch /tmp/x)", "`touch /tmp/x`", "'; touch /tmp/x; '", "a'b''c", "\"$HOME\"", "\\", "\\'", "!!", "a\nb", "-o/tmp/x", "@/etc/passwd",
        "%s%n", "*", "~", "# no", "&& false",
        "a\bb\tc", "\u001b[201~\r'\"$(false)", "ü\u4f60\ud83d\ude00"})
    void nothingOfItMeansAnythingToTheShell(String hostile) throws Exception {
        String octets = new String(hostile.getBytes(UTF_8), ISO_8859_1);
        String line = octets.replaceAll("[^!-~]", "x");
        String field = octets.replaceAll("[\r\n]", " ");
        List<String> arguments = said("POST /" + line + " HTTP/1.1\r\nHost: a.example\r\nX-Odd: " + field
                        + "\r\nContent-Length: " + octets.length() + "\r\n\r\n" + octets).arguments;

        assertThat(arguments).contains("http://a.example/" + line, "X-Odd: " + hostile.replaceAll("[\r\n]", " ").strip());
        if (hostile.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            assertThat(arguments).endsWith("--data-binary", "@-");
            return;
        }
        assertThat(arguments.getLast()).isEqualTo(hostile);
        assertThat(arguments.get(arguments.size() - 2)).isEqualTo("--data-raw");
    }

    @Test
    void bytesThatAreNoTextArriveAsTheyAre() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            all.append((char) i);
        }

        Said said = said("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n" + all);

        assertThat(said.arguments).endsWith("--data-binary", "@-");
        assertThat(said.input).isEqualTo(all.toString());
    }

    @Test
    void noControlCharacterIsPastedIntoATerminal() throws Exception {
        String text = "y".repeat(5000) + "\u001b[201~\u0003rm\r";
        try (CaptureScene scene = new CaptureScene()) {
            scene.exchange("POST /a HTTP/1.1\r\nHost: a\r\nX-Odd: a\bb\tc\r\nContent-Length: " + text.length() + "\r\n\r\n" + text,
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            String command = Curl.command(scene.over(1));

            assertThat(command.chars()).noneMatch(Character::isISOControl);
            assertThat(run(command).input).isEqualTo(text);
            assertThat(run(command).arguments).contains("X-Odd: a\bb\tc");
        }
    }

    @Test
    void aLongTextTakesTheWayThatHasNoBound() throws Exception {
        Said said = said("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "y".repeat(200_000));

        assertThat(said.input).isEqualTo("y".repeat(200_000));
    }

    @Test
    void aBodyThatIsNotThereWholeIsNotSent() throws IOException, InterruptedException {
        try (CaptureScene scene = new CaptureScene()) {
            scene.exchange("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + "y".repeat(300_000), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(Curl.command(scene.over(1))).endsWith("# its body of 300000 bytes was not captured as a whole");
        }
    }
}
