package tunnel.doctor;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tunnel.cli.Json;
import tunnel.cli.Program;
import tunnel.cli.Wrapped;
import tunnel.doctor.Verdict.Level;
import tunnel.net.Elsewhere;

/// Does checks one after another and shows each verdict as it comes, for a person, or all at the end, for a program.
public final class Doctor {
    private static final int WIDTH = 80;
    private static final int TEXT = 27; // where what was found begins
    private static final int NAME = 18;

    private final PrintStream out;
    private final boolean json;
    private final List<Map<String, String>> all = new ArrayList<>();
    private int failed;
    private int notes;

    public Doctor(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /// Does a check.
    ///
    /// @return whether what comes after it can be looked at
    public boolean check(Check check) {
        Verdict verdict = verdict(check);
        failed += verdict.level() == Level.FAIL ? 1 : 0;
        notes += verdict.level() == Level.NOTE ? 1 : 0;
        if (json) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("check", check.name());
            one.put("verdict", verdict.level().name().toLowerCase(Locale.ROOT));
            one.put("found", verdict.found());
            one.put("fix", verdict.fix());
            all.add(one);
        } else {
            show(check.name(), verdict);
        }
        return verdict.level() == Level.OK || verdict.level() == Level.NOTE;
    }

    private static Verdict verdict(Check check) {
        try {
            return Elsewhere.call(check.name(), check.most(), check.looking()::look);
        } catch (IOException e) {
            boolean late = e instanceof SocketTimeoutException && String.valueOf(e.getMessage()).startsWith(check.name());
            return late
                    ? Verdict.fail(
                            "no result within " + check.most().toSeconds() + " s",
                            "See whether the network or a disk stands still, then try again")
                    : Verdict.fail(String.valueOf(e.getMessage()), "");
        } catch (IllegalStateException e) { // a fault of ours, in this check alone
            return Verdict.fail("the check itself failed: " + e.getMessage(), "Report this as a bug");
        }
    }

    private void show(String name, Verdict verdict) {
        String word = switch (verdict.level()) {
            case OK -> "ok";
            case NOTE -> "note";
            case FAIL -> "FAIL";
            case SKIPPED -> "skipped";
        };
        String head = "%-8s %-" + NAME + "s";
        String indent = " ".repeat(TEXT + 1);
        List<String> lines = new ArrayList<>(Wrapped.lines(verdict.found(), WIDTH - indent.length()));
        out.println((head.formatted(word, name) + " " + lines.removeFirst()).stripTrailing());
        lines.forEach(line -> out.println(indent + line));
        if (!verdict.fix().isEmpty()) {
            List<String> fix = Wrapped.lines(verdict.fix(), WIDTH - indent.length() - 3);
            out.println(indent + "-> " + fix.getFirst());
            fix.stream().skip(1).forEach(line -> out.println(indent + "   " + line));
        }
        out.flush();
    }

    /// Shows what is left to show.
    ///
    /// @return the exit code
    public int end() {
        if (json) {
            Map<String, Object> whole = new LinkedHashMap<>();
            whole.put("failed", failed);
            whole.put("checks", all);
            out.println(Json.of(whole));
        } else {
            out.println();
            out.println(switch (failed) {
                case 0 -> notes == 0 ? "All is well." : "Nothing fails.";
                case 1 -> "1 check failed.";
                default -> failed + " checks failed. The first one may be the reason for the others.";
            });
        }
        return failed == 0 ? 0 : Program.FAILED;
    }
}
