package tunnel.client;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import tunnel.protocol.EdgeOptions.Credential;

/// What one `--basic-auth` says. Its messages show no password.
record Users(List<Credential> credentials) {
    private static final String FORM = "write USER:PASSWORD, as in ann:correct-horse";

    /// Reads `USER:PASSWORD`, or `@FILE` with one a line.
    ///
    /// @throws IllegalArgumentException with a sentence for the user
    static Users parse(String text) {
        if (!text.startsWith("@")) {
            return new Users(List.of(user(text, "")));
        }
        String file = text.substring(1);
        List<String> lines = lines(file).stream().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("there is no line in " + file + ": " + FORM);
        }
        return new Users(lines.stream().map(line -> user(line, " in " + file)).toList());
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + " is not text in UTF-8: save it as such", e);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("cannot read '" + file + "'. Write @FILE, as in @users.txt", e);
        }
    }

    private static Credential user(String text, String where) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("there is no colon" + where + ": " + FORM);
        }
        if (colon == 0) {
            throw new IllegalArgumentException("the user is empty" + where + ": " + FORM);
        }
        if (colon == text.length() - 1) {
            throw new IllegalArgumentException("the password is empty" + where + ": " + FORM);
        }
        if (text.chars().anyMatch(Character::isISOControl)) { // RFC 7617, section 2
            throw new IllegalArgumentException("there is a control character" + where + ": " + FORM);
        }
        return Credential.of(text.substring(0, colon), text.substring(colon + 1));
    }
}
