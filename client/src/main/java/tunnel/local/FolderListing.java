package tunnel.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The page for a folder without an `index.html`: what is in it and may be seen, folders first.
///
/// @param folder its real path
record FolderListing(FolderPaths paths, Path folder) {
    /// A name as it stands in the folder.
    private record Entry(String name, boolean isFolder) {}

    String html() throws IOException {
        String title = escaped("/" + paths.folder().relativize(folder)) + (folder.equals(paths.folder()) ? "" : "/");
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + title + "</title>\n<h1>" + title
                + "</h1>\n<ul>\n");
        if (!folder.equals(paths.folder())) {
            page.append("<li><a href=\"../\">../</a></li>\n");
        }
        for (Entry entry : entries()) {
            String slash = entry.isFolder ? "/" : "";
            page.append("<li><a href=\"")
                    .append(FolderPaths.encoded(entry.name))
                    .append(slash)
                    .append("\">")
                    .append(escaped(entry.name))
                    .append(slash)
                    .append("</a></li>\n");
        }
        return page.append("</ul>\n</html>\n").toString();
    }

    private List<Entry> entries() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> !nameOf(path).startsWith("."))
                    .filter(path -> paths.shown(path) != null)
                    .map(path -> new Entry(nameOf(path), Files.isDirectory(path)))
                    .sorted(Comparator.comparing((Entry entry) -> !entry.isFolder).thenComparing(Entry::name))
                    .toList();
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
