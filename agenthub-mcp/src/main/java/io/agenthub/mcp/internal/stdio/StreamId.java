package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.mcp.internal.call.PrivateId;
import java.util.Optional;

/** Reads by which request that is held open a stateless server sends a notification. */
final class StreamId {
    private static final String KEY = "io.modelcontextprotocol/subscriptionId";

    private StreamId() {}

    static boolean isIn(RpcNotification notification) {
        return json(notification).isPresent();
    }

    /** The private id of the request, if it is one of ours. */
    static Optional<Long> of(RpcNotification notification) {
        return json(notification).flatMap(PrivateId::read);
    }

    private static Optional<JsonText> json(RpcNotification notification) {
        return Optional.ofNullable(notification.params())
                .flatMap(params -> params.member("_meta"))
                .flatMap(meta -> meta.member(KEY));
    }
}
