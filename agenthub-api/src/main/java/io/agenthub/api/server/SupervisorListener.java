package io.agenthub.api.server;

import io.agenthub.api.rpc.RpcNotification;

/** Hears what happens to servers. Called on the control thread, in order: must neither block nor throw. */
public interface SupervisorListener {

    /** Hears nothing. */
    SupervisorListener NONE = new SupervisorListener() {};

    /**
     * A server changed its state.
     *
     * @param before the status before
     * @param after the status now
     */
    default void changed(ServerStatus before, ServerStatus after) {}

    /**
     * A server sent a notification that belongs to no call.
     *
     * @param server its name
     * @param notification the notification as it came
     */
    default void notified(String server, RpcNotification notification) {}
}
