package tunnel.events;

import java.time.Duration;
import java.util.List;

/// Passes on to each.
record AllEvents(List<ClientEvents> each) implements ClientEvents {
    @Override
    public void unreachable(String why) {
        each.forEach(one -> one.unreachable(why));
    }

    @Override
    public void loggedIn(String rights) {
        each.forEach(one -> one.loggedIn(rights));
    }

    @Override
    public void retrying(Duration wait) {
        each.forEach(one -> one.retrying(wait));
    }

    @Override
    public void roundTrip(Duration time) {
        each.forEach(one -> one.roundTrip(time));
    }

    @Override
    public void online() {
        each.forEach(ClientEvents::online);
    }

    @Override
    public void lost(String why) {
        each.forEach(one -> one.lost(why));
    }

    @Override
    public void ready(Shown tunnel) {
        each.forEach(one -> one.ready(tunnel));
    }

    @Override
    public void refused(Shown tunnel, String why) {
        each.forEach(one -> one.refused(tunnel, why));
    }

    @Override
    public void removed(Shown tunnel) {
        each.forEach(one -> one.removed(tunnel));
    }

    @Override
    public void localDown(Shown tunnel, String why) {
        each.forEach(one -> one.localDown(tunnel, why));
    }

    @Override
    public void localUp(Shown tunnel) {
        each.forEach(one -> one.localUp(tunnel));
    }

    @Override
    public void exchange(Exchange exchange) {
        each.forEach(one -> one.exchange(exchange));
    }

    @Override
    public void exchangesMissed(long count) {
        each.forEach(one -> one.exchangesMissed(count));
    }

    @Override
    public void inspector(String url) {
        each.forEach(one -> one.inspector(url));
    }
}
