package tunnel.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import tunnel.cli.HelpGroup;
import tunnel.cli.Parsing;
import tunnel.cli.PathParsing;
import tunnel.cli.Version;
import tunnel.events.ClientEvents;
import tunnel.inspect.InspectSettings;
import tunnel.inspect.Inspector;
import tunnel.inspect.capture.Capture;
import tunnel.inspect.mask.Masks;
import tunnel.inspect.store.Store;
import tunnel.protocol.JoinString;

/// The options of the inspector, and the inspector itself while the client runs.
@HelpGroup("Inspector")
final class InspectArguments {
    private static final Logger log = LoggerFactory.getLogger(InspectArguments.class);

    @Option(
            names = "--inspect",
            paramLabel = "[HOST:]PORT|off",
            converter = AddressParsing.class,
            description = "Where on this machine a page shows each request, with the next free port where that one is taken; off:"
                    + " nowhere. Default: localhost:4040.")
    private InspectSettings.Address address = InspectSettings.Address.DEFAULT;

    @Option(
            names = "--inspect-mask",
            paramLabel = "NAME",
            description = "A header field, or a key in JSON, forms and queries, whose values the inspector never keeps, beside"
                    + " Authorization and cookies. May be repeated.")
    private List<String> masked = new ArrayList<>();

    @Option(
            names = "--inspect-save",
            paramLabel = "FILE",
            converter = PathParsing.class,
            description = "Keep all that the inspector sees in this file, as an HTTP Archive (HAR).")
    private @Nullable Path save;

    /// What runs beside a client, and is closed after it.
    record Running(Watchers watchers, AutoCloseable closing) {
        void close() {
            try {
                closing.close();
            } catch (Exception e) {
                log.warn("closing the inspector failed", e);
            }
        }
    }

    /// The inspector as the options want it, which nothing is loaded of where they want none.
    ///
    /// @param others who are told of what the client does, beside the display and the inspector
    Running begin(JoinString join, Display display, List<ClientEvents> others) throws IOException {
        List<ClientEvents> told = new ArrayList<>(others);
        told.add(display.events());
        if (!address.on() && save == null) {
            ClientEvents all = ClientEvents.all(told);
            Capture capture = display.wantsExchanges() ? heads(all) : Capture.off();
            return new Running(new Watchers(all, capture), capture);
        }
        InspectSettings settings = new InspectSettings(address.on(), address.host(), address.port(), masked, save);
        Inspector inspector = new Inspector(settings, Version.number(), join.server().toString());
        told.add(inspector.events());
        if (!display.isScreen()) {
            told.add(new Announcing());
        }
        ClientEvents all = ClientEvents.all(told);
        return new Running(new Watchers(all, inspector.capture(all)), inspector);
    }

    private Capture heads(ClientEvents told) {
        return new Capture(
                Capture.Mode.HEADS, Capture.Limits.DEFAULT, new Masks(masked), new Store(Store.Bounds.NOTHING), told);
    }

    /// Where there is no screen that shows the address.
    private static final class Announcing implements ClientEvents {
        @Override
        public void inspector(String url) {
            log.info("inspector at {}", url);
        }
    }

    /// Reads `--inspect`.
    static final class AddressParsing extends Parsing<InspectSettings.Address> {
        AddressParsing() {
            super(InspectSettings.Address::parse);
        }
    }
}
