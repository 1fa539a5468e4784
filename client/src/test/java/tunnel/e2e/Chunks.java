package tunnel.e2e;

import java.io.IOException;

/// A chunked body as it came over a raw connection.
///
/// @param frames all of it, byte for byte
/// @param data without the chunks' frames, a character for each byte
/// @param trailers the lines behind the last chunk
record Chunks(String frames, String data, String trailers) {
    static Chunks read(Peer from) throws IOException {
        StringBuilder frames = new StringBuilder();
        StringBuilder data = new StringBuilder();
        String size = from.line();
        while (!size.matches("0+")) {
            String chunk = text(from.read(Integer.parseInt(size, 16)));
            frames.append(size).append("\r\n").append(chunk).append("\r\n");
            data.append(chunk);
            if (!from.line().isEmpty()) {
                throw new IOException("no line end behind a chunk");
            }
            size = from.line();
        }
        String trailers = from.head();
        return new Chunks(frames.append(size).append("\r\n").append(trailers).append("\r\n").toString(), data.toString(), trailers);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
