package tunnel.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tunnel.admin.Facts;

/// The answer to {@link ServerStatus#NAME}, put together.
record StatusReport(Facts server, List<Session> sessions) {
    /// A session and its tunnels.
    record Session(Facts session, List<Facts> tunnels) {}

    /// @throws IOException with a sentence where it is none
    static StatusReport parse(List<List<String>> lines) throws IOException {
        Facts server = Facts.of(ServerStatus.SERVER);
        List<Session> sessions = new ArrayList<>();
        for (List<String> line : lines) {
            Facts facts = Facts.parse(line);
            switch (facts.kind()) {
                case ServerStatus.SERVER -> server = facts;
                case ServerStatus.SESSION -> sessions.add(new Session(facts, new ArrayList<>()));
                case ServerStatus.TUNNEL -> {
                    if (!sessions.isEmpty()) {
                        sessions.getLast().tunnels.add(facts);
                    }
                }
                default -> {} // of a newer server
            }
        }
        return new StatusReport(server, sessions);
    }

    /// All tunnels.
    List<Facts> tunnels() {
        return sessions.stream().flatMap(session -> session.tunnels.stream()).toList();
    }
}
