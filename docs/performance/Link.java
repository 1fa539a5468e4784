// A link with a round-trip time, for a machine whose kernel cannot make one: what comes in at LISTEN-PORT goes on to TARGET-PORT
// half of the time later, and back. The first bytes of a connection wait for a round trip more, and those of the other side for one
// and a half, as they would for its SYN. Order is kept; nothing is lost, and there is no slow start. Runs until it is ended.
// java docs/performance/Link.java LISTEN-PORT TARGET-PORT RTT-MS

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// What was read at once, or the end of the input where there is nothing in it.
record Piece(Way way, ByteBuffer bytes, long due) {}

/// One direction of a connection.
final class Way {
  static final int MOST = 4 << 20; // bytes under way, beyond which nothing more is read

  final SocketChannel from;
  final SocketChannel to;
  final long begins; // System.nanoTime
  final Deque<ByteBuffer> arrived = new ArrayDeque<>(); // what the kernel has no room for yet
  long due; // of the last piece
  int underWay;
  boolean ended;

  Way(SocketChannel from, SocketChannel to, long begins) {
    this.from = from;
    this.to = to;
    this.begins = begins;
  }
}

final Queue<Piece> pieces = new PriorityQueue<>(Comparator.comparingLong(Piece::due)); // no two of one way are due together
final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
long late; // ns that bytes are under way

void main(String[] arguments) throws IOException {
  var target = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
  late = Long.parseLong(arguments[2]) * 1_000_000 / 2;
  try (Selector selector = Selector.open(); ServerSocketChannel listener = ServerSocketChannel.open()) {
    listener.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 4096).configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    while (true) {
      Piece next = pieces.peek();
      long nanos = next == null ? Long.MAX_VALUE / 2 : next.due - System.nanoTime();
      if (nanos <= 0) {
        selector.selectNow();
      } else {
        selector.select((nanos + 999_999) / 1_000_000); // up to 1 ms late, or it would not sleep
      }
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.isAcceptable()) {
          accept(listener, target, selector);
        }
        if (key.isValid() && key.isConnectable()) {
          connected(key);
        }
        if (key.isValid() && key.isReadable()) {
          read(key);
        }
        if (key.isValid() && key.isWritable()) {
          write(((Way[]) key.attachment())[1], key);
        }
      }
      selector.selectedKeys().clear();
      while ((next = pieces.peek()) != null && next.due <= System.nanoTime()) {
        pieces.remove();
        next.way.arrived.add(next.bytes);
        SelectionKey key = next.way.to.keyFor(selector);
        if (key != null && key.isValid()) {
          write(next.way, key);
        }
      }
    }
  }
}

void accept(ServerSocketChannel listener, InetSocketAddress target, Selector selector) throws IOException {
  SocketChannel near = listener.accept();
  if (near == null) {
    return;
  }
  SocketChannel far = SocketChannel.open();
  for (SocketChannel one : List.of(near, far)) {
    one.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
  }
  long begins = System.nanoTime() + 2 * late;
  Way out = new Way(near, far, begins);
  Way back = new Way(far, near, begins + late); // accept() returns when the SYN's answer was answered
  int wanted = SelectionKey.OP_CONNECT;
  try {
    if (far.connect(target)) {
      wanted = SelectionKey.OP_READ;
    }
  } catch (IOException e) {
    close(out);
    return;
  }
  near.register(selector, SelectionKey.OP_READ, new Way[] {out, back}); // the way from it, and that to it
  far.register(selector, wanted, new Way[] {back, out});
}

void connected(SelectionKey key) {
  Way[] ways = (Way[]) key.attachment();
  try {
    ways[1].to.finishConnect();
    key.interestOps(SelectionKey.OP_READ);
    write(ways[1], key);
  } catch (IOException e) {
    close(ways[1]);
  }
}

void read(SelectionKey key) {
  Way way = ((Way[]) key.attachment())[0];
  int count;
  try {
    count = way.from.read(buffer.clear());
  } catch (IOException e) {
    count = -1;
  }
  if (count == 0) {
    return;
  }
  way.underWay += Math.max(count, 0);
  way.ended = count < 0;
  if (way.ended || way.underWay > Way.MOST) {
    key.interestOpsAnd(~SelectionKey.OP_READ);
  }
  ByteBuffer bytes = ByteBuffer.allocate(Math.max(count, 0)).put(buffer.flip()).flip();
  way.due = Math.max(way.due + 1, Math.max(System.nanoTime(), way.begins) + late);
  pieces.add(new Piece(way, bytes, way.due));
}

/// As much as the kernel takes; the rest when it has room.
void write(Way way, SelectionKey key) {
  try {
    while (way.to.isConnected() && !way.arrived.isEmpty()) {
      ByteBuffer bytes = way.arrived.peek();
      if (!bytes.hasRemaining()) {
        end(way);
        return;
      }
      way.underWay -= way.to.write(bytes);
      if (bytes.hasRemaining()) {
        key.interestOpsOr(SelectionKey.OP_WRITE);
        return;
      }
      way.arrived.remove();
    }
    key.interestOpsAnd(~SelectionKey.OP_WRITE);
    SelectionKey source = way.from.keyFor(key.selector());
    if (source != null && source.isValid() && !way.ended && way.underWay <= Way.MOST) {
      source.interestOpsOr(SelectionKey.OP_READ);
    }
  } catch (IOException e) {
    close(way);
  }
}

void end(Way way) throws IOException {
  way.arrived.clear();
  if (way.from.socket().isOutputShutdown()) {
    close(way);
  } else {
    way.to.shutdownOutput();
  }
}

void close(Way way) {
  for (SocketChannel one : List.of(way.from, way.to)) {
    try {
      one.close();
    } catch (IOException e) {
      // it is gone all the same
    }
  }
}
