package tunnel.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/// An output that takes nothing until it is told to.
final class StoppedOutput extends OutputStream {
    private final CountDownLatch going = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream(); // thread-safe

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        try {
            going.await();
            taken.write(bytes, from, length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void goOn() {
        going.countDown();
    }

    List<String> lines() {
        return taken.toString(UTF_8).lines().toList();
    }

    void awaitLines(int count) {
        Awaitility.await().until(() -> lines().size() >= count);
    }

    @Override
    public void close() {
        goOn();
    }
}
