package tunnel.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An event loop under blocking code: a platform thread that waits for many sockets, and itself carries the virtual threads
/// that read and write them. Who waits for a socket is woken by the thread that will carry it, so that this costs no switch
/// between two threads of the kernel. The JDK's own scheduler and poller need two, which is half of what a small request
/// costs (docs/performance.md).
///
/// Java 25 has no public way to choose what carries a virtual thread. The jars' manifests open `java.lang` for it
/// (`Add-Opens`); where that is missing, or a later Java is different inside, virtual threads are ordinary ones, and all else
/// is the same but slower.
///
/// What is carried here may wait for sockets, locks and other virtual threads. It must not block the loop itself: to compute
/// for long, resolve a name or read a file is for other threads. The loops serve the whole process to its end, as the JDK's
/// scheduler does.
public final class Loop {
    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    /// Half the processors: the other end, the kernel, handshakes and the collector want some too.
    private static final int COUNT = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final ThreadLocal<Loop> CURRENT = new ThreadLocal<>(); // a ScopedValue's four frames would lie in each stack
    private static final @Nullable MethodHandle VIRTUAL_THREAD = virtualThread();
    private static final EndOfTurn END_OF_TURN = new EndOfTurn();
    private static final Loop[] loops = IntStream.rangeClosed(1, COUNT).mapToObj(Loop::new).toArray(Loop[]::new);
    private static final AtomicInteger next = new AtomicInteger();

    private final Selector selector;
    private final Consumer<SelectionKey> ready = this::ready;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>(); // virtual threads that can go on
    private volatile boolean asleep;
    private final AtomicInteger wakers = new AtomicInteger(); // of whom one wakes for all

    /// Held for each change of what is watched, by whoever makes it; this loop's own thread, which needs none, never takes it.
    /// The selector guards itself by monitors that its select takes too. A virtual thread that waits for one of them is handed
    /// to its scheduler when its turn comes, which is this loop: should the loop's thread wait behind it, both would for ever.
    /// So threads wait for one another here, and for a monitor none but the one that holds this. Waking, which another loop's
    /// thread does as well, goes without a lock: whoever comes while one is at it leaves it to that one.
    private final ReentrantLock changing = new ReentrantLock();

    private Loop(int number) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wait for sockets", e);
        }
        Thread.ofPlatform().daemon().name("loop-" + number).start(this::run);
    }

    private static @Nullable MethodHandle virtualThread() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            MethodType type = MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class);
            MethodHandle made = MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(builders, "newVirtualThread", type);
            var _ = made.invoke((Executor) Runnable::run, "probe", 0, (Runnable) () -> {}); // which is never started
            return made;
        } catch (Throwable e) {
            log.debug("loops cannot carry virtual threads here, small requests cost more: {}", e.toString());
            return null;
        }
    }

    /// The one that carries this thread, or else one after the other.
    public static Loop current() {
        Loop carrier = CURRENT.get();
        return carrier != null ? carrier : next();
    }

    /// One after the other: for a connection that has nothing to do with the caller's.
    public static Loop next() {
        return loops[Math.floorMod(next.getAndIncrement(), loops.length)];
    }

    /// A virtual thread that this loop carries, not started yet. What it connects or accepts is this loop's as well.
    public Thread thread(String name, Runnable task) {
        Runnable carried = () -> {
            CURRENT.set(this);
            task.run();
        };
        if (VIRTUAL_THREAD == null) {
            return Thread.ofVirtual().name(name).unstarted(carried);
        }
        Executor scheduler = this::execute;
        try {
            return (Thread) VIRTUAL_THREAD.invokeExact(scheduler, name, 0, carried);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a virtual thread could not be made", e);
        }
    }

    /// A socket to be waited for, which is in non-blocking mode from here on. Where that fails it is closed.
    Readiness register(SocketChannel socket) throws IOException {
        changing.lock();
        try {
            socket.configureBlocking(false);
            return new Readiness(this, socket, selector);
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        } finally {
            changing.unlock();
        }
    }

    /// A change of what is watched for a socket, its closing included.
    @FunctionalInterface
    interface Change {
        void make() throws IOException;
    }

    /// Makes it, in turn with others.
    void change(Change change) throws IOException {
        changing.lock();
        try {
            change.make();
        } finally {
            changing.unlock();
        }
    }

    private void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /// Has it look at what is new. Costs nothing by who is carried by it, since it is awake then.
    void wake() {
        if (asleep) {
            asleep = false;
            if (wakers.getAndIncrement() == 0) {
                wakeForAll();
            }
        }
    }

    private void wakeForAll() {
        try {
            int seen;
            do {
                seen = wakers.get();
                selector.wakeup();
            } while (wakers.addAndGet(-seen) > 0);
        } catch (RuntimeException | Error e) {
            wakers.set(0); // or nobody would wake any more
            throw e;
        }
    }

    private void run() {
        while (true) {
            try {
                turn();
            } catch (IOException | RuntimeException | Error e) {
                report(e);
            }
        }
    }

    private static void report(Throwable failure) {
        try {
            log.error("a loop failed, and goes on", failure);
        } catch (RuntimeException | Error e) {
            // nothing can be said; whoever this loop carries is worth more than the word
        }
    }

    /// Runs those that are there, and then looks at the sockets, so that who never waits holds up nobody for long.
    private void turn() throws IOException {
        tasks.add(END_OF_TURN);
        try {
            for (Runnable task = tasks.remove(); !(task instanceof EndOfTurn); task = tasks.remove()) {
                task.run();
            }
        } catch (RuntimeException | Error e) {
            tasks.remove(END_OF_TURN); // or it would be found instead of rest
            throw e;
        }
        asleep = true; // before looking once more: who adds a task after that wakes
        try {
            if (tasks.isEmpty()) {
                selector.select(ready);
            } else {
                selector.selectNow(ready);
            }
        } finally {
            asleep = false;
        }
    }

    private void ready(SelectionKey key) {
        asleep = false; // whoever it wakes is run right after this
        if (key.attachment() instanceof Readiness readiness) {
            readiness.ready(key);
        }
    }

    /// Stands in the queue behind what is to be run before the sockets are looked at.
    private static final class EndOfTurn implements Runnable {
        @Override
        public void run() {}
    }
}
