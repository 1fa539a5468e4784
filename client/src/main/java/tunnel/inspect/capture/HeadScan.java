package tunnel.inspect.capture;

import java.nio.ByteBuffer;

/// Finds where a head ends, and what it says of what follows: no more, and in one pass, for this is done while the bytes are on
/// their way. What is wrong with a head is others' business: the edge has written the requests anew, and refuses a response that
/// could be read in two ways. One thread at a time.
final class HeadScan {
    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private static final String CONTENT_LENGTH = "content-length:";
    private static final String CONTENT_TYPE = "content-type:";
    private static final String TRANSFER_ENCODING = "transfer-encoding:";
    private static final String UPGRADE = "upgrade:";

    private int status;
    private boolean toHead;
    private long length;
    private boolean chunked;
    private boolean webSocket;
    private boolean eventStream;

    /// Looks at the bytes from the head's first one on.
    ///
    /// @param source in big-endian order, as buffers are; its position and limit do not matter
    /// @return where the head ends, or -1 where more is needed
    int scan(ByteBuffer source, int from, int to) {
        status = 0;
        toHead = false;
        length = -1;
        chunked = false;
        webSocket = false;
        eventStream = false;
        int feed = lineFeed(source, from, to);
        if (feed < 0) {
            return -1;
        }
        startLine(source, from, feed);
        for (int line = feed + 1; ; line = feed + 1) {
            feed = lineFeed(source, line, to);
            if (feed < 0) {
                return -1;
            }
            if (feed == line || (feed == line + 1 && source.get(line) == '\r')) {
                return feed + 1;
            }
            field(source, line, feed);
        }
    }

    /// Where the next line feed is, eight bytes at a look; -1 where there is none.
    private static int lineFeed(ByteBuffer source, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long eight = source.getLong(at) ^ LINE_FEEDS;
            long found = eight - ONES & ~eight & TOPS; // the first of its bits is right, which is all that is asked for
            if (found != 0) {
                return first(source, at);
            }
        }
        while (at < to) {
            if (source.get(at) == '\n') {
                return at;
            }
            at++;
        }
        return -1;
    }

    /// Big-endian, the first byte is the one for which a borrow from those behind it may lie: so it is looked for again.
    private static int first(ByteBuffer source, int from) {
        int at = from;
        while (source.get(at) != '\n') {
            at++;
        }
        return at;
    }

    private void startLine(ByteBuffer source, int from, int to) {
        toHead = to - from > 5 && is(source, from, "head ");
        if (to - from >= 12 && is(source, from, "http/1.")) {
            for (int i = 9; i < 12; i++) {
                status = status * 10 + (source.get(from + i) - '0');
            }
        }
    }

    private void field(ByteBuffer source, int from, int to) {
        switch (source.get(from) | 0x20) {
            case 'c' -> {
                if (isNamed(source, from, to, CONTENT_LENGTH)) {
                    length(source, from + CONTENT_LENGTH.length(), to);
                } else if (isNamed(source, from, to, CONTENT_TYPE)) {
                    eventStream = begins(source, from + CONTENT_TYPE.length(), to, "text/event-stream");
                }
            }
            case 't' -> chunked |= isNamed(source, from, to, TRANSFER_ENCODING)
                    && begins(source, from + TRANSFER_ENCODING.length(), to, "chunked");
            case 'u' -> webSocket |= isNamed(source, from, to, UPGRADE)
                    && begins(source, from + UPGRADE.length(), to, "websocket");
            default -> {}
        }
    }

    private void length(ByteBuffer source, int from, int to) {
        long number = 0;
        for (int at = blanks(source, from, to); at < to; at++) {
            int digit = source.get(at) - '0';
            if (digit < 0 || digit > 9 || number > Long.MAX_VALUE / 16) {
                break;
            }
            number = number * 10 + digit;
        }
        length = number;
    }

    private static boolean begins(ByteBuffer source, int from, int to, String lower) {
        int at = blanks(source, from, to);
        return to - at >= lower.length() && is(source, at, lower);
    }

    private static int blanks(ByteBuffer source, int from, int to) {
        int at = from;
        while (at < to && (source.get(at) == ' ' || source.get(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isNamed(ByteBuffer source, int from, int to, String lower) {
        return to - from > lower.length() && is(source, from, lower);
    }

    private static boolean is(ByteBuffer source, int from, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            int octet = source.get(from + i);
            if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Of a response; 0 where the first line is none of a response.
    int status() {
        return status;
    }

    /// Whether it is a HEAD request.
    boolean isHead() {
        return toHead;
    }

    /// The Content-Length, or -1.
    long length() {
        return length;
    }

    boolean isChunked() {
        return chunked;
    }

    boolean isWebSocket() {
        return webSocket;
    }

    boolean isEventStream() {
        return eventStream;
    }
}
