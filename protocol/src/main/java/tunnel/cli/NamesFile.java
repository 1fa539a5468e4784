package tunnel.cli;

import java.nio.file.Path;
import tunnel.home.Home;

/// How a value that names a file or folder is read where it stands in a file itself: a shell knows where its user is; whoever
/// wrote a file did not know from where it would be read.
public interface NamesFile {
    /// The value as it would be typed anywhere.
    ///
    /// @param folder that of the file
    String in(Path folder, String text);

    /// The same of a path that is the whole value.
    static String path(Path folder, String text) {
        return text.isEmpty() ? text : Home.ofThisUser().path(folder, text).toString();
    }
}
