package io.agenthub.gateway.internal.http;

/**
 * Where a request goes. A client mostly sends one request like the one before, and what was found for that one is true for this
 * one, too.
 *
 * @param method the HTTP method
 * @param uri the target as it was sent
 * @param target its parts
 * @param match its route
 */
record Routed(String method, String uri, Target target, Router.Match match) {
    /** A longer one, or one with a query, is not kept beyond its request. */
    private static final int LONGEST_KEPT = 256;

    /** Whether another request goes the same way. */
    boolean isFor(String otherMethod, String otherUri) {
        return method.equals(otherMethod) && uri.equals(otherUri);
    }

    /** Whether it is remembered for the next request. */
    boolean isKept() {
        return uri.length() <= LONGEST_KEPT && target.query().isEmpty();
    }
}
