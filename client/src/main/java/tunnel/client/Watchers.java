package tunnel.client;

import tunnel.events.ClientEvents;
import tunnel.inspect.capture.Capture;

/// Who sees what a client does: those who are told, and the capture of what passes. Whoever made them closes them.
public record Watchers(ClientEvents told, Capture capture) {
    /// Those who are told, and no capture.
    public static Watchers of(ClientEvents told) {
        return new Watchers(told, Capture.off());
    }
}
