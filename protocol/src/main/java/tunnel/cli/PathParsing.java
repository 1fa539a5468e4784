package tunnel.cli;

import java.nio.file.Path;

/// Reads the path of a file or folder.
public final class PathParsing extends Parsing<Path> implements NamesFile {
    public PathParsing() {
        super(PathParsing::parse);
    }

    private static Path parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it is empty, as an unset variable is: write a path"); // and would mean the present folder
        }
        return Path.of(text);
    }

    @Override
    public String in(Path folder, String text) {
        return NamesFile.path(folder, text);
    }
}
