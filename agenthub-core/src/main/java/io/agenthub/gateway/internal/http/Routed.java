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
    private static final int MOST_CHARS = 256;

    /** Whether another request goes the same way. */
    boolean isFor(String otherMethod, String otherUri) {
        return method.equals(otherMethod) && uri.equals(otherUri);
    }

    /** Whether it may be of use to another request: not if it is very long, and what has a query seldom comes again. */
    boolean isWorthKeeping() {
        return uri.length() <= MOST_CHARS && target.query().isEmpty();
    }
}
