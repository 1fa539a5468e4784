package tunnel.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What `--help` prints: the options under the headings of their {@link HelpGroup}, those without one last.
final class GroupedHelp extends Help {
    private static final int MANY = 5; // options; beyond it the line of usage is unreadable

    private GroupedHelp(CommandSpec spec, ColorScheme colors) {
        super(spec, colors);
    }

    /// A class, since the start of a program makes one: a lambda takes longer.
    static final class Factory implements IHelpFactory {
        @Override
        public Help create(CommandSpec spec, ColorScheme colors) {
            return new GroupedHelp(spec, colors);
        }
    }

    @Override
    public String synopsis(int headingLength) {
        return commandSpec().options().size() > MANY && commandSpec().usageMessage().customSynopsis().length == 0
                ? abbreviatedSynopsis()
                : super.synopsis(headingLength);
    }

    @Override
    public String optionList() {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        List<OptionSpec> others = new ArrayList<>();
        for (OptionSpec option : commandSpec().options()) {
            String heading = heading(option.userObject());
            if (!option.hidden()) {
                (heading == null ? others : groups.computeIfAbsent(heading, _ -> new ArrayList<>())).add(option);
            }
        }
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> text.append(section(heading, options)));
        return text.append(groups.isEmpty() ? section(others) : section("Other", others)).toString();
    }

    @Override
    public String commandListHeading(Object... parameters) {
        return System.lineSeparator() + super.commandListHeading(parameters);
    }

    private static @Nullable String heading(@Nullable Object declared) {
        if (!(declared instanceof Field field)) {
            return null;
        }
        HelpGroup own = field.getAnnotation(HelpGroup.class);
        HelpGroup group = own != null ? own : field.getDeclaringClass().getAnnotation(HelpGroup.class);
        return group == null ? null : group.value();
    }

    private String section(String heading, List<OptionSpec> options) {
        return options.isEmpty() ? "" : "%n%s:%n".formatted(heading) + section(options);
    }

    /// The column of names is as wide in all sections.
    private String section(List<OptionSpec> options) {
        Layout layout = createDefaultLayout();
        layout.addOptions(options, createDefaultParamLabelRenderer());
        return layout.toString();
    }
}
