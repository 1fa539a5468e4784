package tunnel.inspect.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tunnel.events.Exchange;

/// An exchange in the store. The capture's thread tells what it has learnt, others look; all of it is masked already.
public final class Recorded {
    /// What an exchange takes beyond the bytes of its parts, about.
    private static final int OVERHEAD = 600;
    private static final int MOST_MESSAGES = 1000;
    private static final int MOST_MESSAGE_BYTES = 1 << 20;

    private final LocalTarget target;

    private final ReentrantLock lock = new ReentrantLock(); // for all below, for the time of some assignments

    @GuardedBy("lock")
    private Exchange exchange;

    @GuardedBy("lock")
    private Detail.Part request = Detail.Part.EMPTY;

    @GuardedBy("lock")
    private Detail.@Nullable Part response;

    @GuardedBy("lock")
    private Timings timings = Timings.NONE;

    @GuardedBy("lock")
    private final Deque<Message> messages = new ArrayDeque<>(0);

    @GuardedBy("lock")
    private int messageBytes;

    @GuardedBy("lock")
    private long messagesDropped;

    @GuardedBy("lock")
    private Set<String> masked = Set.of();

    @GuardedBy("lock")
    private int size;

    public Recorded(LocalTarget target, Exchange exchange) {
        this.target = target;
        this.exchange = exchange;
        this.size = OVERHEAD + size(exchange);
    }

    public long id() {
        return exchange().id();
    }

    /// Where its request went, which it can be sent to again.
    public LocalTarget target() {
        return target;
    }

    public Exchange exchange() {
        lock.lock();
        try {
            return exchange;
        } finally {
            lock.unlock();
        }
    }

    public Detail detail() {
        lock.lock();
        try {
            return new Detail(exchange, request, response, timings, List.copyOf(messages), messagesDropped, masked);
        } finally {
            lock.unlock();
        }
    }

    /// The latest for lists.
    public void update(Exchange now, Timings times) {
        lock.lock();
        try {
            size += size(now) - size(exchange);
            exchange = now;
            timings = times;
        } finally {
            lock.unlock();
        }
    }

    public void request(Detail.Part part) {
        lock.lock();
        try {
            size += size(part) - size(request);
            request = part;
        } finally {
            lock.unlock();
        }
    }

    public void response(Detail.Part part) {
        lock.lock();
        try {
            size += size(part) - (response == null ? 0 : size(response));
            response = part;
        } finally {
            lock.unlock();
        }
    }

    /// The names of more that was masked.
    public void masked(Set<String> names) {
        if (names.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Set<String> all = new LinkedHashSet<>(masked);
            all.addAll(names);
            masked = Collections.unmodifiableSet(all);
        } finally {
            lock.unlock();
        }
    }

    /// One more; the oldest go where there are too many.
    public void add(Message message) {
        lock.lock();
        try {
            messages.addLast(message);
            messageBytes += message.size();
            size += message.size();
            while (messages.size() > MOST_MESSAGES || messageBytes > MOST_MESSAGE_BYTES) {
                Message oldest = messages.removeFirst();
                messageBytes -= oldest.size();
                size -= oldest.size();
                messagesDropped++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Its messages make room.
    public void forgetMessages() {
        lock.lock();
        try {
            messagesDropped += messages.size();
            size -= messages.stream().mapToInt(Message::size).sum();
            messages.clear();
            messageBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /// Some were not captured.
    public void messagesMissed(long count) {
        lock.lock();
        try {
            messagesDropped += count;
        } finally {
            lock.unlock();
        }
    }

    /// What it takes in memory, about.
    public int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /// Its texts, a byte for each character; the tunnel's name is everybody's.
    private static int size(Exchange exchange) {
        return exchange.visitor().length()
                + exchange.method().length()
                + exchange.host().length()
                + exchange.path().length()
                + exchange.type().length();
    }

    private static int size(Detail.Part part) {
        return part.head().size() + part.trailers().size() + part.body().kept().length;
    }
}
