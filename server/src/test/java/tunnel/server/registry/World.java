package tunnel.server.registry;

import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tunnel.channel.StreamOutput;
import tunnel.fixture.OwnPorts;
import tunnel.net.Addresses;
import tunnel.net.Listener;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.EdgeOptions;
import tunnel.protocol.Frame.Bind;
import tunnel.protocol.Options;
import tunnel.protocol.TunnelProtocol;
import tunnel.server.access.AccessLog;
import tunnel.server.edge.Edge;
import tunnel.server.edge.TrustedProxies;
import tunnel.server.edge.Visits;
import tunnel.server.lease.LeaseJournal;

/// A registry over a real edge, with a range of public ports that are free at first.
final class World implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("tunnel-leases");
    private final Duration grace;
    private Leases leases;
    private LeaseJournal journal = LeaseJournal.open(folder.resolve("leases"));
    private final Resources resources = new Resources();
    private final Edge edge;
    final PortRange ports;
    Registry registry;

    World(int ports) throws IOException {
        this(ports, Duration.ofMinutes(10));
    }

    /// @param grace of leases whose client was lost
    World(int ports, Duration grace) throws IOException {
        this.grace = grace;
        edge = new Edge(
                Addresses.loopback(),
                Limits.DEFAULT,
                resources,
                new Visits(AccessLog.OFF, TrustedProxies.NONE));
        int first = OwnPorts.take(ports);
        this.ports = new PortRange(first, first + ports - 1);
        leases = new Leases(journal, resources.deadlines(), grace);
        registry = registry();
    }

    private Registry registry() {
        PublicAddress address = new PublicAddress("localhost", PublicUrl.direct(8080));
        return new Registry(address, ports, edge, leases);
    }

    /// As a server that was killed and started again.
    void restart() throws IOException {
        registry.tunnels().forEach(edge::close);
        journal.close();
        journal = LeaseJournal.open(folder.resolve("leases"));
        leases = new Leases(journal, resources.deadlines(), grace);
        registry = registry();
    }

    /// As a server that gives its leases away, and gets them back.
    void pauseAndResume() throws IOException {
        leases.pause();
        journal = LeaseJournal.open(folder.resolve("leases"));
        leases.resume(journal);
    }

    /// Nothing can be saved from here on. Before anything was.
    void loseDisk() throws IOException {
        Files.delete(folder);
    }

    /// Without options for the edge.
    Tunnel reserve(Owner owner, Bind wish) throws RejectedException {
        Tunnel tunnel = registry.reserve(owner, wish, EdgeOptions.NONE);
        registry.awaitSaved(tunnel);
        return tunnel;
    }

    /// For other programs.
    static boolean isFree(int port) throws IOException {
        try (Listener other = otherProgram(port)) {
            return other.port() == port;
        } catch (BindException e) {
            return false;
        }
    }

    /// Somebody else's program on a public port.
    static Listener otherProgram(int port) throws IOException {
        return Listener.bind(Addresses.loopback(), port);
    }

    /// A wish for an HTTP tunnel.
    static Bind wish(String name, int port) {
        return new Bind(1, TunnelProtocol.HTTP, name, port, Options.NONE);
    }

    /// A wish for an HTTP tunnel, where another port will do.
    static Bind wishOrAnyPort(int port) {
        return new Bind(1, TunnelProtocol.HTTP, "", port, Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE));
    }

    /// One who holds tunnels, and never gets a visitor here.
    record Holder(Bytes token, Rights rights) implements Owner {
        Holder() {
            this(Rights.ALL);
        }

        Holder(Rights rights) {
            this(Bytes.random(16), rights);
        }

        @Override
        public boolean answersWithin(Duration time) {
            return true;
        }

        @Override
        public void lost() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StreamOutput open(Tunnel tunnel, Visitor visitor, @Nullable ByteBuffer first) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public void close() throws IOException {
        registry.tunnels().forEach(registry::release);
        edge.close();
        resources.close();
        journal.close();
        Files.deleteIfExists(folder.resolve("leases"));
        Files.deleteIfExists(folder);
    }
}
