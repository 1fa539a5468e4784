package tunnel.screen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The terminal that is standard output, and its keeper: a shell that waits at the other end of a pipe and gives the terminal back
/// as it was, however this process ends. Killed or out of memory, it could not do so itself. The keeper also does what the JDK
/// cannot, by `stty`, which is the same on Linux and macOS. Used by one thread, but for {@link #close}.
final class Tty implements AutoCloseable {
    /// Standard output is the terminal, standard error the answers, one a line. The signals of the terminal reach the keeper, too,
    /// and must not end or stop it before this process. At the end of input this process is gone. Where stty knows how, the terminal's
    /// modes do not wait for a terminal that is stopped: the shell takes those that it finds for its own.
    private static final String KEEPER = """
            trap '' INT TERM HUP QUIT TSTP TTIN TTOU PIPE
            exec 3>&1
            answer() { printf '%s\\n' "$1" >&2; }
            leave() {
              stty -drain "$saved" <&3 2>/dev/null || stty "$saved" <&3 2>/dev/null
              printf '\\033\\\\\\033[?2026l\\033[0m\\033[?7h\\033[?25h\\033[?1049l'
              up=
            }
            front() {
              if [ -r /proc/$$/stat ]; then
                read -r _ _ _ _ group _ _ front _ </proc/$$/stat
                [ "$group" = "$front" ]
              else
                case $(ps -o stat= -p $$ 2>/dev/null) in *+* | '') ;; *) false ;; esac
              fi
            }
            up=
            ending=
            saved=$(stty -g <&3 2>/dev/null) || exit
            while read -r word; do
              case $word in
                front) if front; then answer yes; else answer no; fi ;;
                size) answer "$(stty size <&3 2>/dev/null)" ;;
                enter) up=yes; stty -echo -icanon min 1 time 0 quit undef <&3 2>/dev/null; answer '' ;;
                leave) [ -z "$up" ] || leave; answer '' ;;
                ending) ending=yes ;;
                stop) kill -TSTP "$PPID"; answer '' ;;
              esac
            done
            if [ -n "$up" ]; then
              leave
              [ -z "$ending" ] || exit
              echo
              echo 'tunnel-client: it was killed, or ran out of memory. Start it again;' \\
                'TUNNEL_JAVA_OPTS=-Xmx512m gives it more.'
            fi
            """;

    /// The alternate screen, so that what was there before is there again; no cursor; lines that are too long do not wrap.
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";

    private final Process keeper;
    private final OutputStream words;
    private final BufferedReader answers;
    private final OutputStream terminal = new FileOutputStream(FileDescriptor.out);
    private final Charset charset = System.out.charset();

    private Tty(Process keeper) {
        this.keeper = keeper;
        this.words = keeper.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(keeper.getErrorStream(), US_ASCII));
    }

    /// Starts the keeper.
    ///
    /// @return null where standard output is no terminal of ours: it lacks `stty`, or is that of another program at present
    static @Nullable Tty open() {
        try {
            Tty tty = new Tty(new ProcessBuilder("/bin/sh", "-c", KEEPER)
                    .directory(Path.of("/").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start());
            try {
                if (tty.isInFront()) {
                    return tty;
                }
            } catch (IOException e) {
                // it ended
            }
            tty.close();
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    Charset charset() {
        return charset;
    }

    /// Whether this program has the terminal, and is not in the background.
    boolean isInFront() throws IOException {
        return ask("front").equals("yes");
    }

    Size size() throws IOException {
        return Size.parse(ask("size"));
    }

    /// Takes the whole window: typed characters do not show, and come without Enter.
    void enter() throws IOException {
        ask("enter");
        write(ENTER);
    }

    /// Gives the window back. Doing so again does nothing.
    void leave() throws IOException {
        ask("leave");
    }

    /// Stops this process until the shell that started it has it go on: what Ctrl-Z does to a program that does not mind.
    void stopProcess() throws IOException {
        ask("stop");
    }

    /// Waits as long as the terminal is stopped.
    void write(String text) throws IOException {
        terminal.write(text.getBytes(charset));
    }

    /// Has the keeper know that this process ends because it is to, should it not come to {@link #close}. From any thread.
    void ending() {
        try {
            say("ending");
        } catch (IOException e) {
            // the keeper has ended
        }
    }

    private String ask(String word) throws IOException {
        say(word);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the terminal's keeper has ended");
        }
        return answer;
    }

    private synchronized void say(String word) throws IOException {
        words.write((word + "\n").getBytes(US_ASCII));
        words.flush();
    }

    /// Gives the window back, or has that done once the terminal takes something again, and lets the keeper go. From any thread.
    /// Closing again does nothing.
    @Override
    public void close() {
        try {
            say("leave");
            words.close();
        } catch (IOException e) {
            // it has ended
        }
    }

    /// Waits for the keeper's end, after {@link #close}.
    void awaitKeeper(Duration most) throws InterruptedException {
        var _ = keeper.waitFor(most);
    }
}
