package tunnel.client;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import tunnel.cli.RefusedException;
import tunnel.doctor.Check;
import tunnel.doctor.Doctor;
import tunnel.doctor.Verdict;
import tunnel.home.PrivateFiles;
import tunnel.net.Addresses;
import tunnel.net.Dialer;
import tunnel.net.HostPort;
import tunnel.net.PlainTransport;
import tunnel.net.Resources;
import tunnel.protocol.JoinString;

/// What `doctor` looks at between this machine and the server's control port, each step only where the last one was well. Behind
/// the login {@link TunnelChecks} go on.
final class ServerChecks implements AutoCloseable {
    private static final Duration DIAL = Duration.ofSeconds(5);
    private static final int ROUND_TRIPS = 3;

    private final ServerArguments arguments;
    private final Doctor doctor;
    private final Resources resources = new Resources();

    private volatile @Nullable JoinString join;
    private volatile List<InetAddress> addresses = List.of();

    ServerChecks(ServerArguments arguments, Doctor doctor) {
        this.arguments = arguments;
        this.doctor = doctor;
    }

    void run() {
        boolean well = doctor.check(new Check("join string", this::joinString))
                && doctor.check(new Check("server's name", this::name))
                && doctor.check(new Check("control port", Duration.ofSeconds(30), this::controlPort))
                && doctor.check(new Check("server's key", Duration.ofSeconds(25), this::key));
        JoinString found = join;
        if (well && found != null) {
            try (TunnelChecks checks = new TunnelChecks(found, arguments.isPlain(), doctor)) {
                checks.run();
            } catch (IOException e) {
                String why = PrivateFiles.why(e);
                doctor.check(new Check("tunnel", () -> noTemporaryFile(why)));
            }
        } else {
            doctor.check(new Check("tunnel", () -> Verdict.skipped("not looked at: the server is out of reach")));
        }
    }

    private static Verdict noTemporaryFile(String why) {
        return Verdict.fail(
                "cannot write a temporary file in " + System.getProperty("java.io.tmpdir") + ": " + why,
                "Make room there, or name another folder: TUNNEL_JAVA_OPTS=-Djava.io.tmpdir=DIR");
    }

    private Verdict joinString() {
        try {
            JoinString read = arguments.join();
            join = read;
            Path file = arguments.file();
            if (file == null) {
                return Verdict.ok("by a token from the environment or the configuration file, for the server at " + read.server());
            }
            String found = file + ", for the server at " + read.server();
            return isOthersToo(file)
                    ? Verdict.note(found + "; other users can read it, and the token in it", "chmod 600 " + file)
                    : Verdict.ok(found);
        } catch (RefusedException | IOException | ParameterException e) {
            return Verdicts.fail(e);
        }
    }

    private static boolean isOthersToo(Path file) throws IOException {
        Set<PosixFilePermission> others = EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
        others.retainAll(Files.getPosixFilePermissions(file));
        return !others.isEmpty();
    }

    private HostPort server() {
        JoinString known = join;
        if (known == null) {
            throw new IllegalStateException("there is no join string");
        }
        return known.server();
    }

    /// As the client itself finds it.
    private Verdict name() throws IOException {
        String host = server().host();
        try {
            addresses = host.equalsIgnoreCase("localhost") ? Addresses.loopback() : List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return Verdict.fail(
                    host + ": this machine finds no address for it",
                    "See whether the name in the join string is right and its DNS record is there, or give the server's address with"
                            + " --server");
        }
        boolean four = addresses.stream().anyMatch(Inet4Address.class::isInstance);
        boolean six = !addresses.stream().allMatch(Inet4Address.class::isInstance);
        return Verdict.ok(host + " is " + texts(addresses) + (four && six ? "" : four ? " (IPv4 alone)" : " (IPv6 alone)"));
    }

    private static String texts(List<InetAddress> addresses) {
        return String.join(", ", addresses.stream().map(Addresses::text).toList());
    }

    /// Each address, since the client takes the first one that answers.
    private Verdict controlPort() {
        int port = server().port();
        List<String> silent = new ArrayList<>();
        long fastest = Long.MAX_VALUE;
        for (InetAddress address : addresses) {
            try {
                fastest = Math.min(fastest, roundTrip(new HostPort(Addresses.text(address), port)));
            } catch (IOException e) {
                silent.add(Addresses.hostPort(Addresses.text(address), port) + ": " + e.getMessage());
            }
        }
        if (silent.size() == addresses.size()) {
            return Verdict.fail(String.join("; ", silent), advice(silent, port));
        }
        String found = "TCP port " + port + " answers, round trip " + Verdicts.time(fastest);
        return silent.isEmpty()
                ? Verdict.ok(found)
                : Verdict.note(
                        found + "; but not " + String.join("; ", silent),
                        "Have the server listen there too, by --bind, or take that address out of DNS");
    }

    private static String advice(List<String> silent, int port) {
        return silent.stream().anyMatch(line -> line.endsWith("connection refused"))
                ? "On the server: see whether tunnel-server runs ('tunnel-server status') and listens there (--bind, --control-port)"
                : "Have the firewall of the server, and of this network, let TCP port " + port + " through; see whether the server's"
                        + " machine runs";
    }

    /// What a TCP connection takes, of some the fastest; in nanoseconds.
    private static long roundTrip(HostPort to) throws IOException {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long began = System.nanoTime();
            PlainTransport connection = Dialer.connect(to, DIAL);
            fastest = Math.min(fastest, System.nanoTime() - began);
            connection.close();
        }
        return fastest;
    }

    private Verdict key() {
        JoinString known = join;
        if (known == null) {
            throw new IllegalStateException("there is no join string");
        }
        ServerLink link = new ServerLink(known, arguments.isPlain(), resources);
        try {
            link.dial(false).frames().close();
            return Verdict.ok(link.isPlain() ? "no TLS, as --plain says" : "TLS 1.3, and the key that the join string names");
        } catch (IOException e) {
            return unsafe(e, known);
        }
    }

    private Verdict unsafe(IOException e, JoinString known) {
        try {
            Redial.refuseIfFinal(e, known, false);
            return Verdict.fail(
                    "the connection is there, but " + (arguments.isPlain() ? "no greeting" : "no TLS") + " comes: " + e.getMessage(),
                    "See whether another program or a proxy answers at " + known.server());
        } catch (RefusedException refused) {
            return Verdicts.fail(refused);
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
