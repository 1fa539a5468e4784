package tunnel.screen;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tunnel.screen.Picture.Worth;

/// The last lines of the log, at the window's lower edge, the latest last.
final class MessageRows {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int MOST = 4;
    private static final int WITH_TIME = 50; // columns

    private final Look look;
    private final int width;

    MessageRows(Look look, int width) {
        this.look = look;
        this.width = width;
    }

    /// @param messages the latest last
    void add(List<Message> messages, Picture picture) {
        List<Message> last = messages.subList(Math.max(0, messages.size() - MOST), messages.size());
        if (!last.isEmpty()) {
            picture.addAtBottom(Worth.MESSAGES, new Row(look, width));
        }
        for (int i = 0; i < last.size(); i++) {
            Message message = last.get(i);
            boolean latest = i == last.size() - 1;
            Row row = new Row(look, width);
            if (width >= WITH_TIME) {
                row.add(Style.FAINT, TIME.format(message.at())).add(Style.PLAIN, "  ");
            }
            row.add(message.severe() ? Style.WARNING : Style.FAINT, message.text());
            picture.addAtBottom(latest && message.severe() ? Worth.LAST_WARNING : Worth.MESSAGES, row);
        }
    }
}
