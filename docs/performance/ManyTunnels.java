// Many clients in one process, each with one HTTP tunnel of the name t0, t1 and so on: more than a machine has room for JVMs.
// java --add-opens java.base/java.lang=ALL-UNNAMED -cp client/target/tunnel-client.jar docs/performance/ManyTunnels.java JOIN-FILE LOCAL-PORT COUNT [--plain]
// Each prints its addresses, as the client does; runs until it is ended.

import tunnel.cli.RefusedException;
import tunnel.client.ClientSettings;
import tunnel.client.Console;
import tunnel.client.TunnelClient;
import tunnel.net.HostPort;
import tunnel.protocol.JoinString;
import tunnel.protocol.TunnelProtocol;

void main(String[] arguments) throws Exception {
  JoinString join = JoinString.parse(Files.readString(Path.of(arguments[0])));
  HostPort local = new HostPort("127.0.0.1", Integer.parseInt(arguments[1]));
  int count = Integer.parseInt(arguments[2]);
  boolean plain = arguments.length > 3;
  List<Thread> threads = new ArrayList<>();
  for (int i = 0; i < count; i++) {
    var wish = new ClientSettings.Wish(local, TunnelProtocol.HTTP, "t" + i, 0);
    var client = new TunnelClient(new ClientSettings(join, plain, wish), new Console(System.out));
    threads.add(Thread.ofVirtual().start(() -> run(client)));
    Thread.sleep(30); // what a login and its data channels take of two processors, at both ends, as long as nothing is compiled
  }
  for (Thread thread : threads) {
    thread.join();
  }
}

void run(TunnelClient client) {
  try {
    client.run();
  } catch (RefusedException | IOException e) {
    IO.println("a client ended: " + e.getMessage());
  }
}
