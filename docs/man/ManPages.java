import java.io.File;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/// Writes a program's commands as AsciiDoc, a file each: picocli's generator, which leaves out what stands below the options in
/// `--help` unless it has a heading. Run from its source, by the pom beside it.
///
///     ManPages FOLDER CLASS
public final class ManPages {
    private static final String EXAMPLES = "Examples:";

    private ManPages() {}

    public static void main(String... arguments) throws Exception {
        Constructor<?> made = Class.forName(arguments[1]).getDeclaredConstructor();
        made.setAccessible(true);
        List<CommandSpec> all = new ArrayList<>();
        collect(new CommandLine(made.newInstance()), all);
        all.forEach(ManPages::giveHeading);
        int code = ManPageGenerator.generateManPage(
                new File(arguments[0]), null, new boolean[0], true, all.toArray(CommandSpec[]::new));
        System.exit(code);
    }

    private static void collect(CommandLine command, List<CommandSpec> all) {
        all.add(command.getCommandSpec());
        command.getSubcommands().values().forEach(below -> collect(below, all));
    }

    /// Examples are literal text in AsciiDoc, since they begin with spaces; what else there is becomes paragraphs.
    private static void giveHeading(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        if (usage.footer().length == 0) {
            return;
        }
        List<String> lines = new ArrayList<>();
        for (String line : usage.footer()) {
            boolean first = lines.stream().allMatch(String::isEmpty);
            if (line.equals(EXAMPLES)) {
                line = first ? "" : "*Examples*";
            }
            lines.add(line.startsWith(" ") ? line : line.replace(" -- ", " \\-- ")); // else a dash
            if (line.startsWith("*")) {
                lines.add("");
            }
        }
        usage.footer(lines.toArray(String[]::new));
        boolean onlyExamples = usage.footer()[0].isEmpty() && List.of(usage.footer()).stream().noneMatch(line -> line.startsWith("*"));
        usage.footerHeading(onlyExamples ? "Examples%n" : "Notes%n");
    }
}
