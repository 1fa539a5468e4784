package tunnel.http;

import java.io.Serial;
import tunnel.net.PeerFault;

/// A message breaks a rule, and nothing that follows it on its connection can be trusted.
public final class BadMessageException extends PeerFault {
    @Serial
    private static final long serialVersionUID = 1;

    private final Rule rule;

    public BadMessageException(Rule rule) {
        super(rule.text());
        this.rule = rule;
    }

    /// For the log; the visitor learns the status alone.
    public Rule rule() {
        return rule;
    }

    /// Nothing is wrong with the program where one is made, and hostile visitors can have many made.
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
