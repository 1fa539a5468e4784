package tunnel.server.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.channel.Relay;
import tunnel.channel.StreamOutput;
import tunnel.http.BadMessageException;
import tunnel.net.Lingering;

/// One request and its response. The visitor's thread sends the request; the response comes by the data channel's thread,
/// or is the edge's own, from whichever thread finds that there will be none: who claims it first answers, the others leave
/// it alone. It is over when both are through, or when it has come to nothing.
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final int SENT = 1;
    private static final int RECEIVED = 2;
    private static final int SWITCHED_SENT = 4; // what a visitor sends after a switch to another protocol
    private static final int LEFT = 499; // what nginx logs for a visitor who has not waited for the response

    /// Who answers the visitor.
    private enum Claimant {
        NOBODY,
        /// the local service's response
        RESPONSE,
        /// a page of the edge's own
        EDGE,
        /// nobody any more: the visitor has left
        VISITOR
    }

    private final HttpVisitor visitor;
    private final Request request;
    private final ExchangeClock clock;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch decided; // over, or switched to another protocol

    private final AtomicReference<Claimant> claimant = new AtomicReference<>(Claimant.NOBODY);
    private final AtomicBoolean finished = new AtomicBoolean();
    private final AtomicInteger parts = new AtomicInteger();

    private volatile @Nullable HttpTunnel tunnel;
    private volatile @Nullable LocalConnection connection;
    private final KeptRequest kept = new KeptRequest(); // should its connection turn out to be stale
    private final AtomicBoolean entered = new AtomicBoolean();
    private volatile boolean lastPart; // of the request, is under way
    private volatile boolean keepsVisitor; // once it is over
    private volatile boolean reusable;
    private volatile boolean bindsConnection;
    private volatile @Nullable Relay switched;

    private volatile String user = ""; // who has authenticated
    private volatile int status;
    private volatile long sent; // bytes of the body, to the visitor
    private volatile long received; // bytes of the body, from the visitor

    Exchange(HttpVisitor visitor, Request request) {
        this.visitor = visitor;
        this.request = request;
        this.clock = new ExchangeClock(visitor.edge().limits(), visitor.edge().lifetime(), visitor.edge().doubt());
        this.decided = request.upgrade() == null ? over : new CountDownLatch(1);
    }

    Request request() {
        return request;
    }

    HttpVisitor visitor() {
        return visitor;
    }

    InetSocketAddress visitorAddress() {
        return visitor.connection().remote();
    }

    // ---- the visitor's thread: the request

    /// Where it goes.
    void leadsTo(HttpTunnel to) {
        tunnel = to;
    }

    /// Takes one of the tunnel's places, until it is over.
    ///
    /// @return false where there is none left
    boolean enter(HttpTunnel full) {
        boolean free = full.enter();
        if (free) {
            entered.set(true);
            if (isOver()) { // since a moment ago, by a deadline
                leave(full, 0, 0);
            }
        }
        return free;
    }

    private void leave(HttpTunnel to, long in, long out) {
        if (entered.compareAndSet(true, false)) {
            to.leave(in, out);
        }
    }

    /// Who has authenticated for it.
    void isFrom(String who) {
        user = who;
    }

    /// Sends the request's head, and what else is at hand, on a connection that is there or on a new one.
    ///
    /// @param first as in {@link tunnel.channel.StreamOutput#send}
    /// @param mayReuse whether a connection may be used that others have used
    /// @param mayRepeat whether `first` is all of the request, and harmless when it is acted on twice
    void begin(HttpTunnel to, ByteBuffer first, boolean mayReuse, boolean mayRepeat) throws InterruptedException {
        LocalConnection known = mayReuse ? take(to, mayRepeat ? first : null) : null;
        if (known == null) {
            if (mayRepeat && to.holds()) {
                kept.keep(first);
            }
            to.connections().open(this, first);
        } else {
            var _ = send(known, first);
        }
    }

    /// A parked connection that carries this from here on, or null where there is none.
    ///
    /// @param repeatable the request, where it may be sent again should the connection turn out to be stale
    private @Nullable LocalConnection take(HttpTunnel to, @Nullable ByteBuffer repeatable) {
        LocalConnection known = visitor.ownConnection(to);
        known = known == null ? to.connections().poll() : known;
        if (known != null && repeatable != null) {
            kept.keep(repeatable);
        }
        while (known != null && !known.begin(this)) {
            known = to.connections().poll();
        }
        return known;
    }

    /// Sends a part of the request on. The local service has to take it in time.
    ///
    /// @param data as in {@link tunnel.channel.StreamOutput#send}
    /// @return false where the connection is lost
    boolean send(LocalConnection to, ByteBuffer data) {
        clock.sending();
        boolean sent = to.send(data);
        clock.sent();
        return sent;
    }

    /// A connection is to carry it, of which more is heard only after this.
    void goesBy(LocalConnection carrier) {
        connection = carrier;
    }

    @Nullable LocalConnection connection() {
        return connection;
    }

    /// What is sent next is the end of the request, so that a response from now on is not an early one.
    void lastPartGoesOut() {
        lastPart = true;
    }

    /// The whole request was sent.
    ///
    /// @param deadline for the response to begin, of `System.nanoTime`
    void requestSent(long deadline) {
        boolean held = isHeld();
        responseIsDue(held ? deadline + holdNanos() : deadline);
        part(SENT);
        if (held && !isHeld()) { // since a moment ago
            responseIsDue(deadline);
        }
    }

    private void responseIsDue(long deadline) {
        clock.waitForResponse(deadline);
        if (isClaimed()) {
            clock.responded();
        }
    }

    /// Whether the local service may be down, and its client waits for it.
    private boolean isHeld() {
        LocalConnection carrier = connection;
        return carrier != null && !carrier.isOpened() && holdNanos() > 0;
    }

    private long holdNanos() {
        HttpTunnel to = tunnel;
        return to == null ? 0 : to.localWait().toNanos();
    }

    /// The connection to the local service is there: one that was held has the time for its response from here on.
    void localReached() {
        HttpTunnel to = tunnel;
        if (to != null && to.holds() && (parts.get() & SENT) != 0) {
            responseIsDue(visitor.edge().responseDeadline(to));
        }
    }

    void countReceived(long bytes) {
        long before = received; // the visitor's thread alone writes it
        received = before + bytes;
    }

    /// Waits until it is over, meanwhile without an ear for the visitor.
    ///
    /// @return whether the visitor's connection can carry another
    boolean await() throws InterruptedException {
        clock.visitorUnheard(true);
        over.await();
        return keepsVisitor;
    }

    /// Waits until it is over or the connection was switched to another protocol, whose relay it returns. Meanwhile nobody has
    /// an ear for the visitor.
    @Nullable Relay awaitSwitch() throws InterruptedException {
        clock.visitorUnheard(true);
        decided.await();
        clock.visitorUnheard(false);
        return switched;
    }

    /// Whether nothing more of the request is wanted.
    boolean isOver() {
        return finished.get();
    }

    /// When it was over, of `System.nanoTime`.
    long overNanos() {
        return clock.overNanos();
    }

    /// The visitor sends nothing more, and may be gone. It is waited for as long as the response goes on.
    void visitorEnded() {
        clock.visitorEnded();
    }

    /// The visitor's connection broke, or ended inside the request.
    void visitorLeft() {
        if (claimant.compareAndSet(Claimant.NOBODY, Claimant.VISITOR)) {
            status = LEFT;
        }
        abort();
        finish();
    }

    /// The request breaks a rule after some of it was sent on.
    void refuse(BadMessageException why) {
        visitor.edge().logRefusal(visitorAddress(), why.rule());
        if (!answer(ErrorPage.forStatus(why.rule().status()))) {
            breakOff();
        }
        abort(); // last: its end would be taken for the local service's fault
    }

    private void abort() {
        LocalConnection now = connection;
        if (now != null) {
            now.abort(this);
        }
    }

    // ---- the response

    /// Claims the right to answer the visitor for the local service's response.
    ///
    /// @return false where somebody else has it
    boolean claim(int withStatus) {
        return claim(Claimant.RESPONSE, withStatus);
    }

    /// The same for a page of the edge's own.
    boolean claimForEdge(int withStatus) {
        return claim(Claimant.EDGE, withStatus);
    }

    private boolean claim(Claimant by, int withStatus) {
        if (!claimant.compareAndSet(Claimant.NOBODY, by)) {
            return false;
        }
        status = withStatus;
        clock.responded();
        kept.forget();
        return true;
    }

    /// Something of a response has come: the request is not sent again.
    void responseBegan() {
        kept.forget();
    }

    boolean isClaimed() {
        return claimant.get() != Claimant.NOBODY;
    }

    /// Whether the visitor still sends, or should: the rest of the request was not asked for then.
    boolean isRequestUnderWay() {
        return !lastPart;
    }

    void countSent(long bytes) {
        long before = sent; // whoever has the claim alone writes it
        sent = before + bytes;
    }

    /// The whole response was sent to the visitor.
    ///
    /// @param connectionReusable whether the local service will take another request
    /// @param visitorKept whether the visitor's connection can carry one
    void responseSent(boolean connectionReusable, boolean visitorKept) {
        reusable = connectionReusable;
        keepsVisitor = visitorKept;
        if (!visitorKept) {
            visitor.endOutput();
        }
        if (lastPart) {
            part(RECEIVED);
        } else { // an early response: the rest of the request would not be read
            finish();
        }
    }

    private void part(int part) {
        int all = switched == null ? SENT | RECEIVED : SENT | RECEIVED | SWITCHED_SENT;
        int before = parts.getAndUpdate(now -> now | part);
        if (before != all && (before | part) == all) {
            LocalConnection now = connection;
            if (now != null) {
                now.finished(this, reusable);
            }
            finish();
        }
    }

    /// The connection is the visitor's own from here on.
    void bindConnection() {
        bindsConnection = true;
    }

    boolean bindsConnection() {
        return bindsConnection;
    }

    /// The protocol was switched, which the visitor has been told.
    void switchTo(Relay relay) {
        switched = relay;
        decided.countDown();
    }

    /// After a switch: what the local service sends has ended.
    void switchedResponseEnded() {
        visitor.endSoon(visitor.edge().limits().head()); // for the visitor to end its half too
        part(RECEIVED);
    }

    /// After a switch: what the visitor sends has ended.
    void switchedRequestEnded() {
        clock.visitorEnded();
        part(SWITCHED_SENT);
    }

    /// After a switch: the visitor's time to end its half is up. Its thread may be waiting for the local service to read.
    void breakSwitched() {
        LocalConnection now = connection;
        StreamOutput stream = switched == null || now == null ? null : now.stream();
        if (stream != null && !finished.get()) {
            elsewhere(stream::reset);
        }
    }

    /// The connection that carries it is gone. Where all of this request may be said twice it is, on a new one: the local
    /// service has closed the old one at the moment when it was used again. Where visitors are held while the local service
    /// restarts, it is said a few times more.
    ///
    /// @param isLocalsDoing whether the local service was there, and may have closed it for another reason than this request
    void lost(boolean isLocalsDoing, ErrorPage why) {
        if (finished.get() || (parts.get() & RECEIVED) != 0) {
            return;
        }
        HttpTunnel to = tunnel;
        KeptRequest.Again again = isLocalsDoing && !isClaimed() && to != null ? kept.again(to.holds()) : null;
        if (again != null && to != null) {
            log.debug("{}: sent again on a new connection", visitor.id());
            Thread.ofVirtual().name(visitor.id() + "-again").start(() -> repeat(to, again));
        } else {
            fail(why);
        }
    }

    private void repeat(HttpTunnel to, KeptRequest.Again again) {
        try {
            if (to.holds()) {
                responseIsDue(visitor.edge().responseDeadline(to) + holdNanos());
            }
            Thread.sleep(again.pause()); // in which it may end
            if (finished.get()) {
                return;
            }
            to.connections().open(this, again.request());
            if (finished.get()) {
                abort();
            }
        } catch (InterruptedException e) {
            fail(ErrorPage.CLIENT_LOST);
        }
    }

    /// There will be no response, or no more of it: the visitor is told so, or must not take for whole what it has.
    void fail(ErrorPage why) {
        boolean whole = (parts.get() & RECEIVED) != 0;
        if (!whole && !answer(why)) {
            breakOff();
        }
    }

    /// What the visitor has must not look whole, unless it is a page of the edge's own, which whoever has claimed it sends.
    private void breakOff() {
        if (!finished.get() && claimant.get() != Claimant.EDGE) {
            visitor.connection().reset();
            finish();
        }
    }

    /// The local service breaks a rule in its response.
    void failBadResponse(BadMessageException why) {
        log.warn("{}: the local service of {} sent a bad response: {}", visitor.id(), tunnelName(), why.rule().text());
        fail(ErrorPage.LOCAL_BAD_RESPONSE);
    }

    /// Answers with a page of the edge's own, in the time that a last word may take, and ends the visitor's connection.
    ///
    /// @return false where somebody else has answered
    boolean answer(ErrorPage page) {
        if (!visitor.claimForEdge(this, page.status())) {
            return false;
        }
        try {
            PageFormat format = PageFormat.of(request.accept());
            byte[] body = page.body(format, request.id());
            ByteBuffer response = page.response(format, body, !request.toHead());
            sent = request.toHead() ? 0 : body.length;
            visitor.endSoon(Lingering.TIME);
            visitor.write(response);
            visitor.endOutput();
        } catch (IOException e) {
            log.debug("{}: an answer with {} was not wanted: {}", visitor.id(), page.status(), e.getMessage());
        }
        finish();
        return true;
    }

    /// Ends what has taken too long. By the edge's ticker; ends of exchanges may wait for a little while, as it must not.
    void checkDeadline(long now) {
        if (finished.get()) {
            return;
        }
        Relay relay = switched;
        switch (clock.check(now, sent + (relay == null ? 0 : relay.received()))) {
            case NOTHING -> {}
            case SIGN_OF_LIFE -> elsewhere(this::doubtClient);
            case RESPONSE -> elsewhere(() -> {
                if (answer(ErrorPage.NO_RESPONSE_IN_TIME)) {
                    abort();
                }
            });
            case REQUEST, LIFETIME -> elsewhere(() -> {
                fail(ErrorPage.NO_RESPONSE_IN_TIME);
                abort();
            });
            case REST -> elsewhere(this::visitorLeft);
        }
    }

    /// No response yet. An app may take its time, but its client answers a ping: one that does not is gone or stopped, which its
    /// session would find only with the end of its silence.
    private void doubtClient() {
        HttpTunnel to = tunnel;
        LocalConnection carrier = connection;
        if (to == null || carrier == null || (!carrier.isOpened() && !to.holds())) {
            return; // until the stream is open, which takes no longer than a dial, the session has bounds of its own
        }
        try {
            if (!to.tunnel().owner().answersWithin(visitor.edge().doubt()) && answer(ErrorPage.CLIENT_SILENT)) {
                abort();
            }
        } catch (InterruptedException e) {
            // nobody interrupts it
        }
    }

    private void elsewhere(Runnable end) {
        Thread.ofVirtual().name(visitor.id() + "-timeout").start(end);
    }

    private void finish() {
        if (finished.get()) {
            return;
        }
        clock.over(); // before anybody sees that it is over
        if (finished.compareAndSet(false, true)) {
            Relay relay = switched;
            long out = sent + (relay == null ? 0 : relay.received());
            long in = received + (relay == null ? 0 : relay.sent());
            visitor.edge().accessLog().write(request.entry(user, status, out, in, tunnelName()));
            HttpTunnel to = tunnel;
            if (to != null) {
                leave(to, in, out);
            }
            over.countDown();
            decided.countDown();
        }
    }

    private String tunnelName() {
        HttpTunnel to = tunnel;
        return to == null ? "" : to.tunnel().name();
    }
}
