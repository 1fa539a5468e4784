// The web app that quickstart shows to the world: java bin/SampleApp.java PORT (0 for a free one).
// It listens on loopback, prints its port, and answers every request with what it received.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

void main(String[] args) throws IOException {
  int port = args.length == 0 ? 4000 : Integer.parseInt(args[0]);
  HttpServer server;
  try {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
  } catch (BindException e) {
    System.err.println("cannot listen on port " + port + ": " + e.getMessage() + ". Is something else using it?");
    System.exit(1);
    return;
  }
  server.createContext("/", this::answer);
  server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  server.start();
  IO.println(server.getAddress().getPort());
}

void answer(HttpExchange exchange) throws IOException {
  try (exchange) {
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    boolean html = accept != null && accept.contains("text/html");
    byte[] body = (html ? page(exchange) : text(exchange)).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", (html ? "text/html" : "text/plain") + "; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }
}

String text(HttpExchange exchange) {
  StringBuilder text = new StringBuilder("Hello from the sample app. It received:\n\n");
  text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI()).append('\n');
  exchange.getRequestHeaders()
      .forEach((name, values) -> values.forEach(value -> text.append(name).append(": ").append(value).append('\n')));
  return text.toString();
}

String page(HttpExchange exchange) {
  return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>It works</title>
      <style>
        body { font: 1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
        pre { background: #f4f4f4; padding: 1rem; overflow-x: auto }
      </style>
      <h1>It works</h1>
      <p>This page came through the tunnel.</p>
      <pre>%s</pre>
      </html>
      """
      .formatted(text(exchange).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
}
