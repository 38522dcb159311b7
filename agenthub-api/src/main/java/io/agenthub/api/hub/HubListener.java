package io.agenthub.api.hub;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolFinding;

/**
 * Hears what happens in a hub. Called on the callback executor, one event at a time and in order; what it throws is logged and
 * changes nothing. At most 10,000 events wait for a slow listener; further ones are dropped and counted.
 */
public interface HubListener {

    /**
     * A server changed its state. Both are as its supervisor says it: restarts count since the server was configured as it is, and there
     * are no findings among its tools; {@link McpServer#status()} has these.
     *
     * @param before the status before; if a connection ended, with its last counters
     * @param after the status now
     */
    default void serverChanged(ServerStatus before, ServerStatus after) {}

    /**
     * A breaker changed its state.
     *
     * @param server the server it guards
     * @param before the state before
     * @param after the state now
     */
    default void breakerChanged(String server, BreakerState before, BreakerState after) {}

    /**
     * A server sent a notification that belongs to no call, such as {@code notifications/tools/list_changed}.
     *
     * @param server its name
     * @param notification the notification as it came
     */
    default void notified(String server, RpcNotification notification) {}

    /**
     * A list of tools that passed holds something a person should look at. Told once for each change.
     *
     * @param server whose tool it is
     * @param finding what was found
     */
    default void toolFound(String server, ToolFinding finding) {}

    /**
     * A limit of the {@link io.agenthub.api.monitor.MonitorPolicy} is passed.
     *
     * @param alert which one, and by how much
     */
    default void alertRaised(Alert alert) {}

    /**
     * What an alert was raised for is over.
     *
     * @param alert as it was raised, with the value that cleared it
     */
    default void alertCleared(Alert alert) {}

    /**
     * A call or event ended.
     *
     * @param activity the record of it
     */
    default void recorded(Activity activity) {}
}
