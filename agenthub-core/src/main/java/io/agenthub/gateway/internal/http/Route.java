package io.agenthub.gateway.internal.http;

import java.util.List;

/**
 * One line of the routing table.
 *
 * @param method the HTTP method; a {@code GET} route answers {@code HEAD}, too
 * @param template the path: literal segments, <code>{name}</code> for one segment, and <code>{name...}</code> at the end for the
 *     rest, at least one segment
 * @param open whether it is answered without the token
 * @param handler answers the requests
 */
public record Route(String method, String template, boolean open, Handler handler) {

    /**
     * A route that asks for the token, if there is one.
     *
     * @param method the HTTP method
     * @param template the path
     * @param handler answers the requests
     * @return the route
     */
    public static Route of(String method, String template, Handler handler) {
        return new Route(method, template, false, handler);
    }

    /**
     * A route that is answered without the token, too; {@link Exchange#isAuthorized()} tells the handler.
     *
     * @param method the HTTP method
     * @param template the path
     * @param handler answers the requests
     * @return the route
     */
    public static Route open(String method, String template, Handler handler) {
        return new Route(method, template, true, handler);
    }

    /** The names of the variables, in order. */
    List<String> variables() {
        return segments().stream()
                .filter(Route::isVariable)
                .map(segment -> segment.substring(1, segment.length() - (isRest(segment) ? 4 : 1)))
                .toList();
    }

    List<String> segments() {
        return List.of(template.substring(1).split("/", -1));
    }

    static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    static boolean isRest(String segment) {
        return segment.endsWith("...}");
    }
}
