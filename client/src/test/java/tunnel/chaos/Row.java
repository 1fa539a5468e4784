package tunnel.chaos;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opentest4j.TestAbortedException;

/// One row of the table while it is made. Thread-safe.
final class Row {
    private final int number;
    private final String fault;
    private final String target;
    private final List<String> measured = new CopyOnWriteArrayList<>();
    private final List<String> beside = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    Row(int number, String fault, String target) {
        this.number = number;
        this.fault = fault;
        this.target = target;
    }

    /// What happens in a row.
    @FunctionalInterface
    interface Body {
        void run(Row row) throws Exception;
    }

    /// A figure that is told and not judged.
    void tell(String figure) {
        measured.add(figure);
    }

    /// A figure that has to hold. Where it does not, the row goes on to its end, and fails then.
    void require(boolean holds, String figure) {
        measured.add(holds ? figure : "**" + figure + "**");
        if (!holds) {
            failures.add(figure);
        }
    }

    /// The same attack on another program.
    void beside(String figure) {
        beside.add(figure);
    }

    /// This machine cannot show it.
    TestAbortedException skip(String reason) {
        return new TestAbortedException(reason);
    }

    int number() {
        return number;
    }

    List<String> failures() {
        return failures;
    }

    /// As a line of the table.
    String line(String verdict) {
        return "| " + number + " | " + fault + " | " + target + " | " + String.join("; ", measured) + " | "
                + String.join("; ", beside) + " | " + verdict + " |";
    }
}
