package tunnel.server.edge;

import tunnel.server.access.AccessLog;

/// What the edge notes of visits, and whom it believes about them.
public record Visits(AccessLog accessLog, TrustedProxies trustedProxies) {}
