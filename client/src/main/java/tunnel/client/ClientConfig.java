package tunnel.client;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import tunnel.config.BadFileException;
import tunnel.config.ConfigArguments;
import tunnel.config.ConfigFile;
import tunnel.config.Keys;
import tunnel.config.Problem;
import tunnel.config.Section;
import tunnel.config.Setting;

/// A client's configuration file: above all headings the options that say which server and how the client runs, under
/// `[tunnels.NAME]` those of a tunnel.
///
/// @param file as it was read
record ClientConfig(ConfigFile file) {
    private static final String GROUP = "tunnels";
    private static final String LABEL = "[A-Za-z0-9_-]{1,63}";

    static ClientConfig read(Path path) throws IOException {
        return new ClientConfig(ConfigArguments.read(path, GROUP));
    }

    /// The keys above all headings.
    static Keys topKeys() {
        return Keys.of(CommandSpec.forAnnotatedObject(new Top()), Set.of());
    }

    /// What its user calls its tunnels.
    List<String> labels() {
        return file.names();
    }

    Path path() {
        return file.path();
    }

    /// Whether it is TOML, and has no keys but those that there are.
    ///
    /// @throws BadFileException with all that is wrong
    void checkForm() throws BadFileException {
        BadFileException.throwIfAny(form());
    }

    /// The same, and whether what stands above all headings is good too.
    void checkTop() throws BadFileException {
        List<Problem> problems = form();
        tryTop(problems);
        BadFileException.throwIfAny(problems);
    }

    private void tryTop(List<Problem> problems) {
        Keys top = topKeys();
        for (Setting setting : file.top().settings()) {
            top.arguments(setting, file, problems);
        }
    }

    private List<Problem> form() {
        List<Problem> problems = new ArrayList<>(file.problems());
        Keys top = topKeys();
        Keys ofTunnels = TunnelSection.keys();
        unknown(file.top(), top, ofTunnels, "under the heading of a tunnel, as in [tunnels.web]", problems);
        for (Section section : file.sections()) {
            if (!section.name().matches(LABEL)) {
                problems.add(file.problem(
                        section.at(), "'" + section.name() + "' is not what a tunnel can be called here: write letters, digits, - and _"));
            }
            unknown(section, ofTunnels, top, "above all headings", problems);
        }
        return problems;
    }

    private void unknown(Section section, Keys keys, Keys others, String where, List<Problem> problems) {
        for (Setting setting : section.settings()) {
            String unknown = keys.unknown(setting.key(), others.options().keySet(), where);
            if (unknown != null) {
                problems.add(file.problem(setting.at(), unknown));
            }
        }
    }

    /// The tunnels of these labels, all of which there are.
    ///
    /// @param startsApp whether the client that is to run them starts the app too
    /// @throws BadFileException with all that is wrong with them
    List<TunnelSection> tunnels(Collection<String> labels, boolean startsApp) throws BadFileException {
        List<Problem> problems = new ArrayList<>();
        List<TunnelSection> tunnels = tunnels(labels, startsApp, problems);
        BadFileException.throwIfAny(problems);
        return tunnels;
    }

    private List<TunnelSection> tunnels(Collection<String> labels, boolean startsApp, List<Problem> problems) {
        List<TunnelSection> tunnels = new ArrayList<>();
        for (Section section : file.sections()) {
            if (labels.contains(section.name())) {
                TunnelSection tunnel = TunnelSection.read(section, file, startsApp, problems);
                if (tunnel != null) {
                    tunnels.add(tunnel);
                }
            }
        }
        problems.addAll(Twice.among(tunnels, file));
        return tunnels;
    }

    /// All that is wrong with any of it.
    List<Problem> problems() {
        List<Problem> problems = form();
        tryTop(problems);
        tunnels(labels(), false, problems);
        return problems.stream().sorted(Problem.ORDER).toList();
    }

    /// Tells the user where others may read what they should not.
    void warnIfOpen(PrintStream err) {
        List<String> secrets = Stream.concat(Stream.of(file.top()), file.sections().stream())
                .flatMap(section -> section.settings().stream())
                .filter(ClientConfig::isSecret)
                .map(Setting::key)
                .distinct()
                .toList();
        if (!secrets.isEmpty() && isOpen(path())) {
            err.println("tunnel-client: other users of this machine may read " + path() + ", which has " + String.join(" and ", secrets)
                    + ". Close it: chmod 600 " + path());
        }
    }

    private static boolean isSecret(Setting setting) {
        return switch (setting.key()) {
            case "token" -> true;
            case "basic-auth" -> setting.values().stream().anyMatch(value -> !value.text().startsWith("@"));
            case "request-header" -> setting.values().stream()
                    .anyMatch(value -> value.text().toLowerCase(Locale.ROOT).matches("(authorization|cookie)\\s*:.*"));
            default -> false;
        };
    }

    private static boolean isOpen(Path file) {
        try {
            Set<PosixFilePermission> may = Files.getPosixFilePermissions(file);
            return may.contains(PosixFilePermission.GROUP_READ) || may.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// The options whose keys stand above all headings.
    @Command(name = "client.toml")
    @SuppressWarnings("UnusedVariable") // by picocli
    private static final class Top {
        @Mixin
        private ServerArguments server = new ServerArguments();

        @Mixin
        private RunArguments run = new RunArguments();
    }
}
