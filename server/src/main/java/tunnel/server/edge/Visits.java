package tunnel.server.edge;

/// What the edge notes of visits, and whom it believes about them.
public record Visits(AccessLog accessLog, TrustedProxies trustedProxies) {}
