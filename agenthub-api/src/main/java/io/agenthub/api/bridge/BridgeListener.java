package io.agenthub.api.bridge;

import io.agenthub.api.rpc.RpcNotification;

/** Hears what a server sends that belongs to no call. Called on the bridge's own thread: must neither block nor throw. */
@FunctionalInterface
public interface BridgeListener {

    /** Hears nothing. */
    BridgeListener NONE = notification -> {};

    /**
     * The server sent a notification that belongs to no call, such as {@code notifications/tools/list_changed}.
     *
     * @param notification the notification as it came
     */
    void notified(RpcNotification notification);
}
