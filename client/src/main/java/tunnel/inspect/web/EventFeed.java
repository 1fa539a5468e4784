package tunnel.inspect.web;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tunnel.events.ClientEvents;
import tunnel.events.Exchange;

/// What goes on, for the pages that are open. Whoever tells is never kept waiting.
final class EventFeed implements ClientEvents {
    private final Set<EventReader> readers = ConcurrentHashMap.newKeySet();

    void add(EventReader reader) {
        readers.add(reader);
    }

    void remove(EventReader reader) {
        readers.remove(reader);
    }

    int readers() {
        return readers.size();
    }

    /// All was forgotten.
    void cleared() {
        readers.forEach(EventReader::cleared);
    }

    @Override
    public void exchange(Exchange exchange) {
        readers.forEach(reader -> reader.exchange(exchange));
    }

    @Override
    public void exchangesMissed(long count) {
        readers.forEach(EventReader::missed);
    }

    @Override
    public void unreachable(String why) {
        status();
    }

    @Override
    public void online() {
        status();
    }

    @Override
    public void lost(String why) {
        status();
    }

    @Override
    public void ready(Shown tunnel) {
        status();
    }

    @Override
    public void refused(Shown tunnel, String why) {
        status();
    }

    @Override
    public void removed(Shown tunnel) {
        status();
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        status();
    }

    @Override
    public void localUp(Shown tunnel) {
        status();
    }

    private void status() {
        readers.forEach(EventReader::status);
    }
}
