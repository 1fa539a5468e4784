package tunnel.server.edge;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tunnel.net.Cidr;

/// Whose word on a visitor's address counts: the web servers that stand in front of this one. Anybody can write an
/// X-Forwarded-For, so what a stranger wrote in it counts for nothing.
public record TrustedProxies(List<Cidr> blocks) {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    public TrustedProxies {
        blocks = List.copyOf(blocks);
    }

    /// Whether what a peer says in forwarding fields is to be believed.
    boolean trusts(InetAddress peer) {
        return blocks.stream().anyMatch(block -> block.contains(peer));
    }

    /// Who the visitor really is. Each proxy adds the address that it saw at the end of the list: what counts is the last one
    /// that is not a trusted proxy itself, or where there is none the first; nothing to the left of a malformed one counts.
    ///
    /// @param peer whose connection it is
    /// @param forwardedFor the values of all X-Forwarded-For fields, in their order
    InetAddress visitor(InetAddress peer, List<String> forwardedFor) {
        InetAddress visitor = peer;
        for (int i = forwardedFor.size() - 1; i >= 0; i--) {
            String value = forwardedFor.get(i);
            int end = value.length();
            while (end >= 0) {
                if (!trusts(visitor)) {
                    return visitor;
                }
                int comma = value.lastIndexOf(',', end - 1);
                InetAddress before = address(value.substring(comma + 1, end).strip());
                if (before == null) {
                    return visitor;
                }
                visitor = before;
                end = comma;
            }
        }
        return visitor;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return text.indexOf('/') >= 0 ? null : Cidr.parse(text).base();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
