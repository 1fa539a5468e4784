package tunnel.server;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tunnel.admin.AdminSocket;
import tunnel.cli.Figures;
import tunnel.doctor.Check;
import tunnel.doctor.Verdict;
import tunnel.home.PrivateFiles;
import tunnel.server.tokens.TokenStore;

/// What `doctor` looks at in the state directory. It only reads, and takes no lock: a server may be using it.
final class StateChecks {
    private static final long NEARLY_FULL = 100L << 20;
    private static final long FULL = 10L << 20; // a journal of leases that is written anew needs less
    private static final int LONGEST_PATH = 107; // of a Unix socket on Linux; 103 on macOS
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private StateChecks() {}

    static List<Check> all(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of(new Check("state directory", () -> missing(folder)));
        }
        return List.of(
                new Check("state directory", () -> directory(folder)),
                new Check("key and tokens", () -> files(folder)),
                new Check("disk space", () -> space(folder)),
                new Check("clock", () -> clock(folder, Instant.now())));
    }

    private static Verdict missing(Path folder) {
        Path above = folder.toAbsolutePath();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above != null && Files.isDirectory(above) && Files.isWritable(above)
                ? Verdict.ok(folder + " is not there yet; the first start makes it")
                : Verdict.fail(
                        folder + " is not there, and cannot be made in " + above,
                        "Make it, with this user as its owner, or name another with --state-dir");
    }

    static Verdict directory(Path folder) throws IOException {
        List<Path> open = shared(folder);
        if (!open.isEmpty()) {
            return Verdict.fail(
                    "other users have access to " + open.getFirst() + (open.size() > 1 ? ", and " + (open.size() - 1) + " more" : ""),
                    "chmod -R go= " + folder);
        }
        if (!Files.isReadable(folder) || !Files.isWritable(folder)) {
            return Verdict.fail(
                    folder + " is of user " + Files.getOwner(folder).getName() + " and not open to this one",
                    "Run this as the server's user, or as root");
        }
        int length = folder.toAbsolutePath().resolve(AdminSocket.NAME).toString().length();
        return length > LONGEST_PATH
                ? Verdict.note(
                        folder + " is too long a path for a socket, so 'status' and 'token' cannot reach a running server",
                        "Name a shorter one with --state-dir")
                : Verdict.ok(folder + ", open to its owner alone");
    }

    /// The folder and the files in it that others have access to.
    private static List<Path> shared(Path folder) throws IOException {
        List<Path> all = new ArrayList<>(List.of(folder));
        if (Files.isReadable(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> !file.getFileName().toString().equals("lock")).sorted().forEach(all::add); // has a number in it
            }
        }
        List<Path> shared = new ArrayList<>();
        for (Path path : all) {
            EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(path));
            permissions.removeAll(OWNERS);
            if (!permissions.isEmpty()) {
                shared.add(path);
            }
        }
        return shared;
    }

    private static Verdict files(Path folder) {
        try {
            StateDirectory state = StateDirectory.unlocked(folder);
            String tokens = state.read(ServerTokens.TOKENS);
            if (tokens == null) {
                return Verdict.ok("none yet; the first start makes them");
            }
            ServerKey.check(state);
            TokenStore store = ServerTokens.store(state, InstantSource.system());
            boolean joinFile = ServerTokens.joinFile(state) != null;
            return Verdict.ok("readable; tokens: " + store.all().size() + (joinFile ? ", one of them in the file 'join'" : ""));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf(". ");
            return end < 0
                    ? Verdict.fail(message, "Run this as the server's user, or restore the file from a backup")
                    : Verdict.fail(message.substring(0, end), message.substring(end + 2));
        }
    }

    private static Verdict space(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        String found = Figures.bytes(free) + " free for " + folder;
        String fix = "Make room: tunnels are refused while leases cannot be saved";
        return free < FULL ? Verdict.fail(found, fix) : free < NEARLY_FULL ? Verdict.note(found, fix) : Verdict.ok(found);
    }

    /// Tokens expire by the clock, and nothing here can have been written later than now.
    static Verdict clock(Path folder, Instant now) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                if (written.isAfter(now.plusSeconds(60))) {
                    return Verdict.fail(
                            "it is " + now.toString().substring(0, 16) + "Z, and " + file + " was written later, at "
                                    + written.toString().substring(0, 16) + "Z",
                            "Set the clock, best by NTP (timedatectl set-ntp true): tokens expire by it");
                }
            }
            return Verdict.ok(now.toString().substring(0, 16) + "Z");
        } catch (AccessDeniedException e) {
            return Verdict.skipped(PrivateFiles.why(e));
        }
    }
}
