package tunnel.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tunnel.config.ConfigFile;
import tunnel.config.Problem;
import tunnel.config.Setting;
import tunnel.wrap.PublicUrls;

/// What two tunnels of a file both want and only one can have.
final class Twice {
    private Twice() {}

    static List<Problem> among(List<TunnelSection> tunnels, ConfigFile file) {
        List<Problem> problems = new ArrayList<>();
        Map<String, TunnelSection> first = new HashMap<>();
        for (TunnelSection tunnel : tunnels) {
            ClientSettings.Wish wish = tunnel.wish();
            lookAtVariable(tunnel, first, file, problems);
            if (!wish.name().isEmpty()) {
                look("name", wish.name(), tunnel, first, file, problems);
            }
            if (wish.publicPort() != 0) {
                look("public-port", String.valueOf(wish.publicPort()), tunnel, first, file, problems);
            }
            wish.edge().hosts().forEach(host -> look("host", host, tunnel, first, file, problems));
        }
        return problems;
    }

    /// Of the environment of a command behind `--`.
    private static void lookAtVariable(TunnelSection tunnel, Map<String, TunnelSection> first, ConfigFile file, List<Problem> problems) {
        String variable = PublicUrls.variable(tunnel.label());
        TunnelSection other = first.putIfAbsent("variable " + variable, tunnel);
        if (other != null && !other.label().equals(tunnel.label())) {
            problems.add(file.problem(
                    tunnel.section().at(),
                    "[tunnels." + tunnel.label() + "] and [tunnels." + other.label() + "] have the same variable " + variable
                            + ". Call one of them otherwise"));
        }
    }

    private static void look(
            String key, String value, TunnelSection tunnel, Map<String, TunnelSection> first, ConfigFile file, List<Problem> problems) {
        TunnelSection other = first.putIfAbsent(key + " " + value, tunnel);
        Setting setting = tunnel.section().get(key);
        if (other != null && !other.label().equals(tunnel.label()) && setting != null) {
            problems.add(file.problem(
                    setting.at(),
                    key + ": " + value + " is what [tunnels." + other.label() + "] has too. Only one tunnel can have it: write another"));
        }
    }
}
