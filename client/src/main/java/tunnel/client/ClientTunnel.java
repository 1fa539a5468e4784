package tunnel.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.channel.StreamOutput;
import tunnel.events.ClientEvents;
import tunnel.inspect.store.LocalTarget;
import tunnel.local.HostRefusals;
import tunnel.local.Local;
import tunnel.local.LocalService;
import tunnel.log.Printable;
import tunnel.net.Resources;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame;
import tunnel.protocol.LocalWait;
import tunnel.protocol.Options;
import tunnel.protocol.TunnelProtocol;

/// A tunnel of this client, through all its sessions: what was wished for, and what was had last, which is asked for again.
final class ClientTunnel implements LocalTarget, AutoCloseable {
    private final int id;
    private final ClientSettings.Wish wish;
    private final LocalService local;
    private final @Nullable HostRefusals refusals; // null where no visitor's Host reaches a dev server

    private volatile Frame.@Nullable Assigned last; // by whichever session had one last
    private volatile boolean closed;

    /// @param before the one whose place it takes, and whose name and port it has again where it may, or null
    ClientTunnel(int id, ClientSettings.Wish wish, Resources resources, ClientEvents told, @Nullable ClientTunnel before) {
        this.id = id;
        this.last = before == null ? null : before.last;
        this.wish = wish;
        this.local = new LocalService(wish.local(), wish.localWait(), resources, new LocalService.Listener() {
            @Override
            public void down(String why) {
                told.localDown(shown(), why);
            }

            @Override
            public void up() {
                told.localUp(shown());
            }
        });
        boolean seesHost = wish.protocol() == TunnelProtocol.HTTP
                && wish.local() instanceof Local.Service
                && wish.edge().hostHeader().isEmpty();
        this.refusals = seesHost ? new HostRefusals(wish.local(), this::host) : null;
    }

    int id() {
        return id;
    }

    ClientSettings.Wish wish() {
        return wish;
    }

    LocalService local() {
        return local;
    }

    boolean isHttp() {
        return wish.protocol() == TunnelProtocol.HTTP;
    }

    @Override
    public String shownName() {
        return wish.label().isEmpty() ? name() : wish.label();
    }

    @Override
    public @Nullable LocalService service() {
        return closed ? null : local;
    }

    /// Where answers of the local service go, watched for what the user should know.
    StreamOutput watching(StreamOutput stream) {
        return refusals == null ? stream : refusals.watching(stream);
    }

    /// The host of the best address.
    private String host() {
        return urls().isEmpty() ? name() : urls().getFirst().replaceFirst("^[^:]*://", "").replaceFirst("[:/].*", "");
    }

    /// Asks for the name and port that it had last.
    Frame.Bind bind() {
        return bind(last);
    }

    /// Asks as at first, since the name that it had was given to somebody else while no session held it.
    Frame.Bind bindAnew() {
        return bind(null);
    }

    /// Whether its user did not choose the name that it had.
    boolean mayHaveAnotherName() {
        return last != null && wish.name().isEmpty();
    }

    private Frame.Bind bind(Frame.@Nullable Assigned had) {
        String name = had == null || !wish.name().isEmpty() ? wish.name() : had.name();
        boolean anyPortWillDo = wish.publicPort() == 0;
        int port = had == null || !anyPortWillDo ? wish.publicPort() : had.port();
        Options options = anyPortWillDo ? Options.NONE.with(Options.ANY_PORT_WILL_DO, Bytes.NONE) : Options.NONE;
        return new Frame.Bind(id, wish.protocol(), name, port, LocalWait.encode(wish.localWait(), wish.edge().encode(options)));
    }

    void assigned(Frame.Assigned by) {
        last = by;
    }

    /// As it is at present.
    ClientEvents.Shown shown() {
        return new ClientEvents.Shown(
                id, wish.label(), wish.protocol(), localUrl(), urls(), Printable.of(name()), port());
    }

    private List<String> urls() {
        Frame.Assigned had = last;
        return had == null ? List.of() : had.urls().stream().map(Printable::of).toList();
    }

    private int port() {
        Frame.Assigned had = last;
        return had == null ? 0 : had.port();
    }

    private String localUrl() {
        return switch (wish.local()) {
            case Local.Folder folder -> folder.toString();
            case Local.Service service -> scheme(service.security() != Local.Security.NONE) + "://" + service.address();
        };
    }

    private String scheme(boolean tls) {
        return wish.protocol() == TunnelProtocol.HTTP ? (tls ? "https" : "http") : (tls ? "tls" : "tcp");
    }

    /// What a line in the log calls it.
    String called() {
        return wish.label().isEmpty() ? "the tunnel" : "tunnel " + wish.label();
    }

    /// The name as the user or the server chose it.
    String name() {
        Frame.Assigned had = last;
        return had == null ? wish.name() : had.name();
    }

    /// Ends what belongs to it on this side. Closing again does nothing.
    @Override
    public void close() {
        closed = true;
        local.close();
    }
}
