package io.agenthub.mcp.internal.call;

/** How a request goes beside the others of its server. */
public enum Lane {
    /** A call: it takes a place among those in flight, and what the server says while it is the only one may be meant for it. */
    CALL,

    /** A word about the connection itself: it waits for no other, and nothing the server says of its own can be meant for it. */
    ASIDE,

    /** Held open to hear what the server announces: aside as well, and no call in flight. */
    STANDING;

    /**
     * The lane of a method.
     *
     * @param method the MCP method
     * @return where its requests go
     */
    public static Lane of(String method) {
        return switch (method) {
            case "subscriptions/listen" -> STANDING;
            case "initialize", "ping", "server/discover" -> ASIDE;
            default -> CALL;
        };
    }

    /**
     * Whether it goes beside the calls.
     *
     * @return true for all that are no calls
     */
    public boolean isAside() {
        return this != CALL;
    }
}
