package tunnel.inspect.store;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;

/// All that is kept of an exchange, at one moment.
///
/// @param exchange what lists show of it
/// @param response null where there is none so far
/// @param messages the last of them
/// @param messagesDropped how many there were before these
/// @param masked the names of what was masked
public record Detail(
        Exchange exchange,
        Part request,
        @Nullable Part response,
        Timings timings,
        List<Message> messages,
        long messagesDropped,
        Set<String> masked) {

    /// A request or a response.
    public record Part(CapturedHead head, CapturedHead trailers, CapturedBody body) {
        static final Part EMPTY = of(CapturedHead.NONE);

        /// Whether the body is not over, so that nothing of it is here.
        @SuppressWarnings("ReferenceEquality") // an empty body that is over is another one
        public boolean isComing() {
            return body == CapturedBody.NONE;
        }

        /// One whose body is not over.
        public static Part of(CapturedHead head) {
            return new Part(head, CapturedHead.NONE, CapturedBody.NONE);
        }
    }
}
