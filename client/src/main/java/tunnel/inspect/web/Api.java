package tunnel.inspect.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tunnel.inspect.json.ExchangeJson;
import tunnel.inspect.json.Har;
import tunnel.inspect.json.Json;
import tunnel.inspect.store.Recorded;
import tunnel.inspect.store.Store;

/// What is under `/api`. Whoever asks may.
final class Api {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final int MOST_REQUEST = 4 << 20; // JSON around a body that was captured, or one that somebody typed
    /// A search looks at up to 64 MiB; somebody types the next letter meanwhile.
    private static final long MOST_SEARCH_NANOS = 3_000_000_000L;

    private final Store store;
    private final EventFeed feed;
    private final ClientStatus client;
    private final Replays replays;

    Api(Store store, EventFeed feed, ClientStatus client, Replays replays) {
        this.store = store;
        this.feed = feed;
        this.client = client;
        this.replays = replays;
    }

    /// @param path behind `/api/`
    void answer(HttpExchange exchange, String path) throws IOException, InterruptedException {
        String[] parts = path.split("/", -1);
        try {
            switch (parts[0]) {
                case "status" -> status(exchange, parts);
                case "har" -> archive(exchange, parts);
                case "requests" -> requests(exchange, parts);
                default -> none(exchange);
            }
        } catch (IllegalArgumentException e) {
            Answer.error(exchange, 400, String.valueOf(e.getMessage()));
        }
    }

    private void status(HttpExchange exchange, String[] parts) throws IOException {
        if (parts.length != 1) {
            none(exchange);
        } else if (isGet(exchange)) {
            Answer.json(exchange, 200, client::write);
        }
    }

    private void archive(HttpExchange exchange, String[] parts) throws IOException {
        if (parts.length != 1) {
            none(exchange);
        } else if (isGet(exchange)) {
            Filter filter = Filter.of(Query.of(exchange.getRequestURI()));
            List<Recorded> matching = store.before(0).reversed().stream().filter(filter::matches).toList();
            send(exchange, "tunnel.har", matching);
        }
    }

    private void send(HttpExchange exchange, String file, List<Recorded> exchanges) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"" + file + "\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (JsonGenerator json = Json.over(exchange.getResponseBody())) { // as it is made: it may be larger than the heap
            Har.write(json, client.version(), exchanges);
        }
    }

    private void requests(HttpExchange exchange, String[] parts) throws IOException, InterruptedException {
        if (parts.length == 1) {
            all(exchange);
            return;
        }
        Recorded recorded = find(parts[1]);
        String what = parts.length == 2 ? "" : parts[2];
        if (recorded == null || parts.length > 3) {
            Answer.error(exchange, 404, "There is no such request, or it was dropped to make room.");
        } else {
            switch (what) {
                case "" -> one(exchange, recorded);
                case "har" -> archive(exchange, recorded);
                case "replay" -> replay(exchange, recorded);
                default -> none(exchange);
            }
        }
    }

    private @Nullable Recorded find(String id) {
        return id.matches("[0-9]{1,18}") ? store.get(Long.parseLong(id)) : null;
    }

    private void all(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("DELETE")) {
            store.clear();
            feed.cleared();
            Answer.empty(exchange, 204);
        } else if (isGet(exchange)) {
            list(exchange);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> query = Query.of(exchange.getRequestURI());
        Filter filter = Filter.of(query);
        int limit = (int) Math.min(MOST, Query.number(query, "limit", USUAL));
        List<Recorded> found = new ArrayList<>();
        boolean more = false;
        long began = System.nanoTime();
        for (Recorded one : store.before(Query.number(query, "before", 0))) {
            boolean late = System.nanoTime() - began > MOST_SEARCH_NANOS;
            if (late || filter.matches(one)) {
                more = late || found.size() == limit;
                if (more) {
                    break;
                }
                found.add(one);
            }
        }
        boolean andMore = more;
        Answer.json(exchange, 200, json -> write(json, found, andMore));
    }

    private void write(JsonGenerator json, List<Recorded> found, boolean more) throws IOException {
        Store.Count count = store.count();
        json.writeStartObject();
        json.writeArrayFieldStart("requests");
        for (Recorded one : found) {
            ExchangeJson.write(json, one.exchange());
        }
        json.writeEndArray();
        json.writeBooleanField("more", more);
        json.writeNumberField("newest", count.newest());
        json.writeNumberField("total", count.kept());
        json.writeNumberField("missed", count.missed());
        json.writeNumberField("dropped", count.dropped());
        json.writeEndObject();
    }

    private static void one(HttpExchange exchange, Recorded recorded) throws IOException {
        if (isGet(exchange)) {
            Answer.json(exchange, 200, json -> ExchangeJson.write(json, recorded.detail()));
        }
    }

    private void archive(HttpExchange exchange, Recorded recorded) throws IOException {
        if (isGet(exchange)) {
            send(exchange, "tunnel-" + recorded.id() + ".har", List.of(recorded));
        }
    }

    private void replay(HttpExchange exchange, Recorded recorded) throws IOException, InterruptedException {
        if (!isMethod(exchange, "POST")) {
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_REQUEST + 1);
        if (body.length > MOST_REQUEST) {
            Answer.error(exchange, 413, "That is more than 4 MiB.");
            return;
        }
        try {
            Replays.Sent sent = replays.send(recorded, ReplayBody.read(body));
            Answer.json(exchange, 201, json -> {
                json.writeStartObject();
                json.writeNumberField("id", sent.id());
                json.writeArrayFieldStart("left");
                for (String name : sent.left()) {
                    json.writeString(name);
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        } catch (Replays.Refused e) {
            Answer.error(exchange, 409, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isGet(HttpExchange exchange) throws IOException {
        return exchange.getRequestMethod().equals("HEAD") || isMethod(exchange, "GET");
    }

    private static boolean isMethod(HttpExchange exchange, String method) throws IOException {
        if (exchange.getRequestMethod().equals(method)) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", method);
        Answer.error(exchange, 405, "This is for " + method + ".");
        return false;
    }

    private static void none(HttpExchange exchange) throws IOException {
        Answer.error(exchange, 404, "There is nothing of that name under /api.");
    }
}
