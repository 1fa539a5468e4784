package tunnel.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import tunnel.cli.Program;
import tunnel.config.ConfigFile;
import tunnel.config.Keys;
import tunnel.config.Position;
import tunnel.config.Problem;
import tunnel.config.Section;
import tunnel.config.Setting;
import tunnel.config.Wording;

/// A tunnel as a file describes it, by the same options as a command line.
///
/// @param section as it was read
/// @param wish what it says, with the section's name as label
record TunnelSection(Section section, ClientSettings.Wish wish) {
    /// The keys under a tunnel's heading.
    static Keys keys() {
        return Keys.of(CommandSpec.forAnnotatedObject(new Options()), Set.of());
    }

    /// Understands a section, or tells what is wrong with it.
    ///
    /// @param startsApp whether the client starts the app too
    /// @return null where something is
    static @Nullable TunnelSection read(Section section, ConfigFile file, boolean startsApp, List<Problem> problems) {
        Keys tried = keys();
        boolean allGood = true;
        List<String> typed = new ArrayList<>();
        for (Setting setting : section.settings()) {
            List<String> good = tried.arguments(setting, file, problems);
            allGood &= good != null;
            typed.addAll(good == null ? List.of() : good);
        }
        if (!allGood) {
            return null; // what is to be said of them together would be about half of them
        }
        Options options = new Options();
        CommandLine parser = Program.commandLine(options);
        try {
            parser.parseArgs(typed.toArray(String[]::new));
            return new TunnelSection(section, options.tunnel.wish(startsApp).labelled(section.name()));
        } catch (ParameterException e) {
            Setting about = section.get(Wording.keyOf(e));
            Position at = about == null ? section.at() : about.at();
            problems.add(file.problem(at, Wording.ofFile(e)));
            return null;
        }
    }

    String label() {
        return section.name();
    }

    /// The options whose keys stand under a tunnel's heading.
    @Command(name = "tunnel")
    private static final class Options {
        @Mixin
        private TunnelArguments tunnel = new TunnelArguments();
    }
}
