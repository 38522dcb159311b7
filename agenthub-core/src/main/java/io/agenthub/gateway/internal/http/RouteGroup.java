package io.agenthub.gateway.internal.http;

import java.util.List;

/** Routes that belong together and share what they work on. */
@FunctionalInterface
public interface RouteGroup {

    /**
     * Its routes. Asked for once, before the server starts.
     *
     * @return the lines it adds to the table
     */
    List<Route> routes();

    /**
     * The server begins to close: no new request will come, and streams that would stay open for ever should end now. Called
     * once, on any thread; must not block.
     */
    default void drain() {}

    /**
     * The time to drain is over: whatever still runs for a client must end now, those included that nobody listens to. The
     * exchanges that are still open are told after that. Called at most once, on any thread; must not block.
     */
    default void cutShort() {}
}
