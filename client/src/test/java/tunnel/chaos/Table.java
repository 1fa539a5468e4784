package tunnel.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;
import tunnel.programs.Programs;

/// What all rows make together: written to a file after each row, and printed at the end. Tests have it as a parameter.
final class Table implements AutoCloseable {
    private static final Path FILE = Programs.ROOT.resolve("client/target/chaos.md");
    private static final String HEAD = """
            | row | attack or fault | target | measured | rathole | verdict |
            | --- | --- | --- | --- | --- | --- |
            """;

    private final Map<Integer, String> lines = new TreeMap<>();

    /// Runs a row and adds it.
    void row(int number, String fault, String target, Row.Body body) throws Exception {
        Row row = new Row(number, fault, target);
        try {
            body.run(row);
        } catch (TestAbortedException e) {
            add(number, row.line("skipped: " + e.getMessage()));
            throw e;
        } catch (Exception | Error e) {
            add(number, row.line("**failed**: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
            throw e;
        }
        add(number, row.line(row.failures().isEmpty() ? "holds" : "**failed**"));
        if (!row.failures().isEmpty()) {
            throw new AssertionError("row " + number + ": " + String.join("; ", row.failures()));
        }
    }

    private void add(int number, String line) throws IOException {
        lines.put(number, line);
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, text());
    }

    private String text() {
        return HEAD + String.join("\n", lines.values()) + "\n";
    }

    @Override
    @SuppressWarnings("SystemOut") // what the suite is for
    public void close() {
        System.out.println("\n" + text());
    }

    /// Gives all tests of a run the same table.
    static final class Giver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Table.class;
        }

        @Override
        public Table resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(Namespace.create(Table.class))
                    .computeIfAbsent(Table.class, _ -> begin(), Table.class);
        }

        private static Table begin() {
            try {
                Files.deleteIfExists(FILE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Table();
        }
    }
}
