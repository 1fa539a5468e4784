package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tunnel.cli.Figures;
import tunnel.cli.RefusedException;
import tunnel.doctor.Check;
import tunnel.doctor.Doctor;
import tunnel.doctor.Verdict;
import tunnel.events.ClientEvents;
import tunnel.local.Local;
import tunnel.net.Addresses;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

/// What `doctor` looks at from the login to the public addresses: a client of its own, with a tunnel to a folder that has one
/// file, which it then asks for as a visitor would.
final class TunnelChecks implements AutoCloseable, ClientEvents {
    private static final Duration LOGIN = Duration.ofSeconds(30); // the client's own bounds are 10 s each
    private static final Duration VISIT = Duration.ofSeconds(20);
    private static final Duration CLOCKS_APART = Duration.ofSeconds(30); // less is a slow answer

    private final JoinString join;
    private final Doctor doctor;
    private final String secret = Bytes.random(16).hex(); // the file's name, and what is in it
    private final Path folder;
    private final TunnelClient client;
    private final CompletableFuture<Boolean> online = new CompletableFuture<>();
    private final CompletableFuture<Shown> ready = new CompletableFuture<>();
    private volatile String rights = "";
    private volatile @Nullable Instant serversTime;
    private volatile boolean byName;

    /// @throws IOException where there is no place for a temporary file
    TunnelChecks(JoinString join, boolean plain, Doctor doctor) throws IOException {
        this.join = join;
        this.doctor = doctor;
        folder = Files.createTempDirectory("tunnel-doctor").toRealPath();
        Files.writeString(folder.resolve(secret), secret);
        var wish = new ClientSettings.Wish(new Local.Folder(folder), TunnelProtocol.HTTP, "", 0, EdgeOptions.NONE);
        client = new TunnelClient(new ClientSettings(join, plain, List.of(wish), true), this);
    }

    @Override
    public void loggedIn(String what) {
        rights = what;
    }

    @Override
    public void online() {
        online.complete(true);
    }

    @Override
    public void ready(Shown tunnel) {
        ready.complete(tunnel);
    }

    @Override
    public void refused(Shown tunnel, String why) {
        ready.completeExceptionally(new RefusedException(why));
    }

    void run() {
        Thread.ofVirtual().name("doctor").start(this::runClient);
        if (!doctor.check(new Check("login", LOGIN, this::login)) || !doctor.check(new Check("tunnel", LOGIN, this::tunnel))) {
            return;
        }
        List<String> urls = ready.join().urls();
        URI first = URI.create(urls.getFirst());
        if (urls.size() > 1) {
            doctor.check(new Check("names in DNS", VISIT, () -> wildcard(first.getHost())));
            byName = doctor.check(new Check("HTTP port", VISIT, () -> edge(first)))
                    && doctor.check(new Check("visit by name", VISIT, () -> visit(first)));
            doctor.check(new Check("clock", this::clock));
        }
        doctor.check(new Check("visit by port", VISIT, () -> visitByPort(URI.create(urls.getLast()))));
    }

    private void runClient() {
        try {
            client.run();
            throw new IOException("the client ended");
        } catch (IOException | RefusedException | RuntimeException e) {
            online.completeExceptionally(e);
            ready.completeExceptionally(e);
        }
    }

    private Verdict login() {
        try {
            online.join();
        } catch (CompletionException e) {
            return failed(e);
        }
        return Verdict.ok("the token is accepted" + (rights.isEmpty() ? "" : ": " + rights));
    }

    private static Verdict failed(CompletionException e) {
        return Verdicts.fail(e.getCause() instanceof Exception cause ? cause : e);
    }

    private Verdict tunnel() {
        try {
            return Verdict.ok(String.join(" and ", ready.join().urls()));
        } catch (CompletionException e) {
            return failed(e);
        }
    }

    /// What any name under the domain leads to.
    private Verdict wildcard(String host) {
        String domain = host.substring(host.indexOf('.') + 1);
        String name = "check-" + secret.substring(0, 8) + "." + domain;
        try {
            List<InetAddress> leads = List.of(InetAddress.getAllByName(name));
            List<InetAddress> server = List.of(InetAddress.getAllByName(join.server().host()));
            String found = "*." + domain + " is " + texts(leads);
            return leads.stream().anyMatch(server::contains)
                    ? Verdict.ok(found)
                    : Verdict.note(
                            found + ", and the server " + texts(server),
                            "Fine where a web server stands in front; else point *." + domain + " to the server");
        } catch (UnknownHostException e) {
            return domain.equals("localhost")
                    ? Verdict.note(
                            "this machine does not resolve *.localhost; browsers and curl do so themselves",
                            "Use the address with the port for other programs")
                    : Verdict.fail(
                            "there is no address for " + name,
                            "Make a DNS record for *." + domain + " that leads to the server, of type A, and AAAA for IPv6");
        }
    }

    private static String texts(List<InetAddress> addresses) {
        return String.join(", ", addresses.stream().map(Addresses::text).toList());
    }

    /// Whether it is the server's own HTTP edge that answers, and not another web server.
    private Verdict edge(URI tunnel) {
        URI nobody = URI.create(tunnel.toString().replaceFirst("//[^.]*", "//check-" + secret.substring(0, 8)));
        try {
            WebAnswer answer = WebAnswer.get(nobody, "/");
            serversTime = answer.date();
            return answer.body().contains("No such tunnel")
                    ? Verdict.ok(where(nobody) + " is the server's HTTP edge")
                    : Verdict.fail(
                            where(nobody) + " is not the server's HTTP edge: it answers with status " + answer.status()
                                    + (answer.server().isEmpty() ? "" : " by " + answer.server()),
                            "Have whatever listens there pass *." + tunnel.getHost().replaceFirst("^[^.]*\\.", "")
                                    + " on to tunnel-server, with the visitor's Host; or give tunnel-server that port, by"
                                    + " --http-port");
        } catch (IOException e) {
            return Verdict.fail(
                    "cannot reach " + where(nobody) + ": " + e.getMessage(),
                    "Have the firewalls let that port through, or say by --public-url of the server what visitors type");
        }
    }

    private static String where(URI url) {
        return "port " + (url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80) + " of *."
                + url.getHost().replaceFirst("^[^.]*\\.", "");
    }

    private Verdict visit(URI url) {
        try {
            long began = System.nanoTime();
            WebAnswer answer = WebAnswer.get(url, "/" + secret);
            long took = System.nanoTime() - began;
            return answer.body().contains(secret)
                    ? Verdict.ok(url + " leads here, in " + Verdicts.time(took))
                    : Verdict.fail(
                            url + " does not lead here: status " + answer.status(),
                            "See what stands between visitors and tunnel-server: a web server, a cache, another tunnel");
        } catch (IOException e) {
            return Verdict.fail("cannot reach " + url + ": " + e.getMessage(), "Have the firewalls let that port through");
        }
    }

    /// Where names work, ports may well be closed on purpose.
    private Verdict visitByPort(URI url) {
        Verdict verdict = visit(url);
        return verdict.level() == Verdict.Level.FAIL && byName
                ? Verdict.note(
                        verdict.found(),
                        "Fine where tunnels are to be reached by name alone; TCP tunnels need it. " + verdict.fix())
                : verdict;
    }

    private Verdict clock() {
        Instant theirs = serversTime;
        if (theirs == null) {
            return Verdict.skipped("the server did not say what time it is");
        }
        Duration behind = Duration.between(Instant.now(), theirs);
        return behind.abs().compareTo(CLOCKS_APART) < 0
                ? Verdict.ok("as the server's")
                : Verdict.note(
                        "%s %s the server's".formatted(
                                Figures.time(behind.abs()), behind.isNegative() ? "ahead of" : "behind"),
                        "Tunnels work all the same, but times in logs differ, and tokens end by the server's clock. Set both by"
                                + " NTP");
    }

    @Override
    public void close() {
        client.close();
        try {
            Files.deleteIfExists(folder.resolve(secret));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // the system empties its folder for temporary files
        }
    }
}
