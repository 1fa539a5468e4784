package tunnel.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import org.jspecify.annotations.Nullable;
import tunnel.cli.RefusedException;

/// What happens to a session once, for whoever decides whether there is to be another: it is in place, it is told to go away,
/// it is over. Thread-safe.
final class SessionEvents {
    /// How a session ended.
    ///
    /// @param reason as part of a sentence
    /// @param refused where the server does not want this client any more
    /// @param givenUp whether this side did it, and alone: then there is no crowd that dials at the same moment
    record End(String reason, @Nullable RefusedException refused, boolean givenUp) {}

    private final CompletableFuture<?> inPlace;
    private final CompletableFuture<@Nullable Void> goingAway = new CompletableFuture<>();
    private final CompletableFuture<End> over = new CompletableFuture<>();

    /// @param ready when the server lets visitors in to all of its tunnels
    /// @param dataChannel when the first is in place
    SessionEvents(CompletableFuture<@Nullable Void> ready, CompletableFuture<@Nullable Void> dataChannel) {
        inPlace = CompletableFuture.allOf(ready, dataChannel);
    }

    /// The server said that it is about to stop.
    void goingAway() {
        goingAway.complete(null);
    }

    void over(End end) {
        over.complete(end);
    }

    /// It is over by a fault of ours.
    void failed(Throwable fault) {
        over.completeExceptionally(fault);
    }

    boolean isGoingAway() {
        return goingAway.isDone();
    }

    boolean isOver() {
        return over.isDone();
    }

    /// Whether visitors of all its tunnels would be served.
    boolean isInPlace() {
        return inPlace.state() == State.SUCCESS && !isOver();
    }

    /// Waits for the end, or for the announcement of it.
    void awaitGoingAway() throws InterruptedException {
        awaitAny(over, goingAway);
    }

    /// Waits until it is in place or will not be: it is over or told to go away itself, or the one that it follows is over.
    void awaitInPlace(SessionEvents predecessor) throws InterruptedException {
        awaitAny(inPlace, over, goingAway, predecessor.over);
    }

    private static void awaitAny(CompletableFuture<?>... events) throws InterruptedException {
        try {
            CompletableFuture.anyOf(events).get();
        } catch (ExecutionException e) {
            // a session failed: whoever asks for its end hears of it
        }
    }

    /// Waits for the end.
    ///
    /// @throws java.util.concurrent.CompletionException where it failed by a fault of ours
    End end() {
        return over.join();
    }

    /// Runs when it is over, on the session's thread.
    void onEnd(Runnable action) {
        var _ = over.whenComplete((_, _) -> action.run());
    }
}
