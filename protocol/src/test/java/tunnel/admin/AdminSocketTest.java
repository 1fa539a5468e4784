package tunnel.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tunnel.fixture.LeakCheck;
import tunnel.net.Deadlines;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class AdminSocketTest {
    private static final List<String> HARD_WORDS =
            List.of("", "two words", "100%", "%20", "line\nline\r", "tab\t\u007f", "grün € 🦦", "");

    @TempDir
    private Path folder;

    private final Deadlines deadlines = new Deadlines();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private AdminSocket socket;

    @BeforeEach
    void start() throws IOException {
        socket = AdminSocket.start(folder.resolve(AdminSocket.NAME), commands(), deadlines);
    }

    @AfterEach
    void close() {
        stuck.countDown();
        socket.close();
        socket.close();
        deadlines.close();
    }

    private Map<String, AdminCommand> commands() {
        return Map.of(
                "echo", (arguments, conversation) -> conversation.say(arguments),
                "nothing", (_, _) -> {},
                "refuse", (arguments, _) -> {
                    throw new IllegalArgumentException("so not: " + arguments.getFirst());
                },
                "fail", (_, _) -> {
                    throw new IllegalStateException("a fault");
                },
                "talk", (_, conversation) -> {
                    conversation.say(List.of("who?"));
                    conversation.say(List.of("hello", Objects.requireNonNull(conversation.hear()).getFirst()));
                },
                "hurry", (_, conversation) -> {
                    conversation.takesUpTo(Duration.ofMillis(100));
                    conversation.hear();
                },
                "stick", (_, _) -> await(stuck));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<List<String>> ask(String... words) throws IOException {
        try (AdminClient client = client()) {
            return client.ask(List.of(words));
        }
    }

    private AdminClient client() throws IOException {
        return Objects.requireNonNull(AdminClient.connect(folder), "a server listens");
    }

    @Test
    void wordsArriveAsTheyWereWhateverIsInThem() throws Exception {
        List<String> request = new ArrayList<>(List.of("echo"));
        request.addAll(HARD_WORDS);
        assertThat(ask(request.toArray(String[]::new))).containsExactly(HARD_WORDS);
        assertThat(ask("nothing")).isEmpty();
    }

    @Test
    void aRefusalIsASentence() {
        assertThatThrownBy(() -> ask("refuse", "100 %")).isInstanceOf(IOException.class).hasMessage("so not: 100 %");
        assertThatThrownBy(() -> ask("frobnicate"))
                .hasMessage("the program that runs does not know 'frobnicate'. It may be older than the command: restart it");
    }

    @Test
    void aFaultOfACommandEndsThatRequestAlone() throws Exception {
        assertThatThrownBy(() -> ask("fail")).hasMessage("it failed. The log of the program that was asked says why");
        assertThat(ask("echo", "again")).containsExactly(List.of("again"));
    }

    @Test
    void aCommandMayGoOnTalking() throws Exception {
        try (AdminClient client = client()) {
            client.begin(List.of("talk"));
            assertThat(client.hear()).isEqualTo(List.of("who?"));
            client.say(List.of("ann"));
            assertThat(client.hear()).isEqualTo(List.of("hello", "ann"));
            assertThat(client.hear()).isNull();
        }
    }

    @Test
    void whoTakesTooLongIsClosed() throws Exception {
        try (AdminClient client = client()) {
            assertThatThrownBy(() -> client.begin(List.of("hurry")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the server closed the connection before it answered. Is it stopping? Try again in a moment");
        }
    }

    @Test
    void aRequestIsBoundedInTimeWithoutAnyCommand() throws Exception {
        try (SocketChannel silent = SocketChannel.open(address())) {
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1); // after 5 s
        }
    }

    @Test
    void aRequestIsBoundedInLength() throws Exception {
        try (SocketChannel raw = SocketChannel.open(address())) {
            raw.write(UTF_8.encode("x".repeat(AdminConnection.LONGEST + 1)));
            assertThat(new String(Channels.newInputStream(raw).readAllBytes(), UTF_8))
                    .isEqualTo("error a%20line%20is%20longer%20than%2016384%20bytes\n");
        }
    }

    @Test
    void theWireIsWhatItIsSaidToBe() throws Exception {
        try (SocketChannel raw = SocketChannel.open(address())) {
            raw.write(UTF_8.encode("echo a%20b  %c3%BC\n"));
            assertThat(new String(Channels.newInputStream(raw).readAllBytes(), UTF_8)).isEqualTo("ok\na%20b  ü\n");
        }
        try (SocketChannel raw = SocketChannel.open(address())) {
            raw.write(UTF_8.encode("echo %2\n"));
            assertThat(new String(Channels.newInputStream(raw).readAllBytes(), UTF_8)).startsWith("error ");
        }
    }

    @Test
    void moreThanSixteenWaitForTheirTurn() throws Exception {
        List<AdminClient> holding = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                AdminClient client = client();
                holding.add(client);
                client.say(List.of("stick"));
            }
            try (AdminClient next = client()) {
                next.say(List.of("echo", "late"));
                next.takesUpTo(Duration.ofMillis(300));
                assertThatThrownBy(next::hear).hasMessageStartingWith("the server did not answer within");
            }
            stuck.countDown();
            assertThat(ask("echo", "next")).containsExactly(List.of("next"));
        } finally {
            holding.forEach(AdminClient::close);
        }
    }

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve(AdminSocket.NAME));
    }

    @Test
    void theSocketIsItsOwnersAloneAndGoneWhenItIsClosed() throws Exception {
        Path file = folder.resolve(AdminSocket.NAME);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        socket.close();
        assertThat(file).doesNotExist();
        assertThat(AdminClient.connect(folder)).isNull();
    }

    @Test
    void whatACrashLeftBehindIsReplacedAndAnswersNobody() throws Exception {
        socket.close();
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(address());
        }
        assertThat(folder.resolve(AdminSocket.NAME)).exists();
        assertThat(AdminClient.connect(folder)).isNull();

        socket = AdminSocket.start(folder.resolve(AdminSocket.NAME), commands(), deadlines);
        assertThat(ask("echo", "again")).containsExactly(List.of("again"));
    }

    @Test
    void aPathThatIsTooLongIsSaid() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("x".repeat(110)));
        assertThatThrownBy(() -> AdminSocket.start(deep.resolve(AdminSocket.NAME), Map.of(), deadlines))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThat(AdminClient.connect(deep)).isNull();
    }
}
