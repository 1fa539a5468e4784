package tunnel.server.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tunnel.net.PeerFault;
import tunnel.protocol.Bytes;
import tunnel.protocol.CloseCode;
import tunnel.protocol.Frame;
import tunnel.protocol.FrameChannel;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.ProtocolException;
import tunnel.protocol.RejectCode;
import tunnel.protocol.StoredKey;
import tunnel.protocol.VersionRange;
import tunnel.server.tokens.NamedToken;
import tunnel.server.tokens.Standing;
import tunnel.server.tokens.TokenFields;

/// What a connection's first frame asks for: to begin a session, or to be one of its data channels. Checks the proof and all
/// else that may be in the way, then serves the connection to its end, on its own thread; the caller closes it.
final class Logins {
    private static final Logger log = LoggerFactory.getLogger(Logins.class);
    private static final int SESSION_ID_LENGTH = 16;
    private static final int SECRET_LENGTH = 32;

    private final Session.Context context;
    private static final int LONGEST_RIGHTS = 700; // in a frame of 1,024 bytes

    private final boolean plain;

    /// @param plain whether connections are without TLS
    Logins(Session.Context context, boolean plain) {
        this.context = context;
        this.plain = plain;
    }

    /// Serves the session that begins, to its end.
    void login(Frame.Init init, Bytes binding, FrameChannel frames, ClientGate.Pass pass) throws IOException {
        Penalties.Checked<NamedToken> checked = pass.checkLogin(() -> context.tokens().verify(init, binding));
        if (!checked.delay().isZero()) {
            throw refuseUnchecked(frames, checked.delay());
        }
        NamedToken token = checked.result();
        if (token == null) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "the token was not accepted",
                    "login refused: token " + init.token().hex() + " is unknown or its proof is wrong");
        }
        StoredKey key = token.key();
        if (context.tokens().standing(key.id()) == Standing.EXPIRED) {
            throw refuse(
                    frames,
                    RejectCode.TOKEN_EXPIRED,
                    Standing.EXPIRED.sentence() + "; ask for a new one",
                    "login refused: token " + token.name() + " has expired");
        }
        var unknown = init.options().firstUnknown(Options.PREVIOUS_SESSION);
        if (unknown != null) {
            throw refuse(
                    frames, RejectCode.UNSUPPORTED, "this server does not know option " + unknown.type() + " of Init", "");
        }
        Bytes id = Bytes.random(SESSION_ID_LENGTH);
        Bytes secret = plain ? Proofs.plainSecret(key, binding, init.nonce()) : Bytes.random(SECRET_LENGTH);
        Bytes proof = plain ? Proofs.server(key, binding, init.nonce(), id) : Bytes.NONE;
        try {
            supersede(init, key, binding);
        } catch (ProtocolException e) {
            throw refuse(frames, RejectCode.PROTOCOL, String.valueOf(e.getMessage()), "");
        }
        rename("session");

        pass.loggedIn();
        frames.authenticated(false);
        Session session = new Session(new Session.Identity(id, key.id(), secret), frames, context);
        String full = context.all().add(session);
        if (full != null) {
            throw refuse(frames, RejectCode.BUSY, full, "");
        }
        try {
            if (!session.isAllowed()) { // revoked before endSessions() could see this one
                return;
            }
            session.run(new Frame.Welcome(
                    VersionRange.OURS.common(init.versions()),
                    id,
                    plain ? Bytes.NONE : secret,
                    proof,
                    Math.toIntExact(context.limits().sessions().heartbeat().toMillis()),
                    rights(token)));
        } finally {
            context.all().remove(session);
        }
    }

    /// For the user to know; the session asks for them each time.
    private static Options rights(NamedToken token) {
        List<String> words = new ArrayList<>(List.of(token.name()));
        words.addAll(new TokenFields(token.rights(), null, token.expires()).words());
        Bytes told = Bytes.of(String.join(" ", words).getBytes(UTF_8));
        return told.length() > LONGEST_RIGHTS ? Options.NONE : Options.NONE.with(Options.RIGHTS, told);
    }

    /// Ends the session that the client proves to have had before, so that its names are free for this one.
    private void supersede(Frame.Init init, StoredKey key, Bytes binding) throws ProtocolException {
        Bytes option = init.options().get(Options.PREVIOUS_SESSION);
        Session previous = option == null ? null : context.all().get(Proofs.previousSessionId(option));
        if (option != null
                && previous != null
                && previous.token().equals(key.id())
                && Proofs.verifyPrevious(option, previous.identity().id(), previous.identity().secret(), binding)) {
            previous.close(CloseCode.SUPERSEDED, "the same client came back on a new connection");
            context.all().remove(previous); // its thread may take a moment, and its place is needed now
        }
    }

    /// Serves a data channel of a session, to its end.
    void attach(Frame.DataInit init, Bytes binding, FrameChannel frames, ClientGate.Pass pass)
            throws IOException {
        Penalties.Checked<Session> checked = context.all().get(init.session()) == null
                ? new Penalties.Checked<>(Duration.ZERO, verified(init, binding)) // no guess finds one of 2^128: a straggler
                : pass.checkData(() -> verified(init, binding));
        if (!checked.delay().isZero()) {
            throw refuseUnchecked(frames, checked.delay());
        }
        Session session = checked.result();
        if (session == null) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "there is no such session",
                    "data channel refused: its session is unknown or its proof is wrong");
        }
        if (!session.isAllowed()) {
            throw refuse(
                    frames,
                    RejectCode.UNAUTHORIZED,
                    "there is no such session",
                    "data channel refused: the token of its session is no longer good");
        }
        var unknown = init.options().firstUnknown();
        if (unknown != null) {
            throw refuse(
                    frames,
                    RejectCode.UNSUPPORTED,
                    "this server does not know option " + unknown.type() + " of DataInit",
                    "");
        }
        if (!session.pool().wantsMore()) {
            log.debug("a data channel more than was asked for is refused");
            frames.abortAfter(
                    new Frame.Reject(0, RejectCode.SURPLUS, "this data channel was not asked for"), context.deadlines());
            return;
        }
        pass.loggedIn();
        frames.authenticated(true);
        rename("data");
        new DataChannel(frames, session).run();
    }

    /// The session whose data channel the sender of `init` is, or null. Takes as long for one that is not known.
    private @Nullable Session verified(Frame.DataInit init, Bytes binding) {
        Session session = context.all().get(init.session());
        Bytes secret = session != null ? session.identity().secret() : Bytes.random(SECRET_LENGTH);
        return Proofs.verify(init, secret, binding) ? session : null;
    }

    /// The connection's thread says what it is for, with the number that it has.
    private static void rename(String role) {
        Thread thread = Thread.currentThread();
        thread.setName(thread.getName().replaceFirst("^[a-z]+", role));
    }

    /// Tells the peer what it may know, and returns what the log is to say.
    PeerFault refuse(FrameChannel frames, RejectCode code, String told, String logged) {
        frames.abortAfter(new Frame.Reject(0, code, told), context.deadlines());
        String line = logged.isEmpty() ? told : logged;
        boolean mayNot = code == RejectCode.UNAUTHORIZED || code == RejectCode.BUSY;
        return mayNot ? new LoginRefused(line) : new ProtocolException(line);
    }

    /// Its address has failed too often, so that its proof was not looked at.
    private PeerFault refuseUnchecked(FrameChannel frames, Duration delay) {
        String left = delay.toSeconds() + 1 + " s";
        return refuse(
                frames,
                RejectCode.BUSY,
                "too many logins from this address have failed, the next one is looked at in " + left,
                "login not looked at: too many from its address have failed, for another " + left);
    }
}
