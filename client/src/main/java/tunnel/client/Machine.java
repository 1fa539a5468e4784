package tunnel.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// What can be seen of the machine that a client runs on.
public interface Machine {
    /// This one.
    Machine THIS = new Machine() {};

    /// That of `System.nanoTime`, which stands still while the machine sleeps.
    default long nanoTime() {
        return System.nanoTime();
    }

    /// The clock on the wall, which goes on meanwhile.
    default long wallMillis() {
        return System.currentTimeMillis();
    }

    /// As `Thread.sleep`.
    default void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    /// Those by which others can reach it at present.
    default Set<InetAddress> addresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(Machine::isInUse)
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isInUse(NetworkInterface one) {
        try {
            return one.isUp() && !one.isLoopback();
        } catch (IOException e) {
            return false; // it has just gone
        }
    }
}
