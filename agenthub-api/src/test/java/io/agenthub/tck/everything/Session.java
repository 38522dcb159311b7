package io.agenthub.tck.everything;

import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.io.IOException;

/** One era's way with the messages of the client. Called on the main thread only. */
interface Session {
    void request(RpcRequest request) throws IOException;

    void notified(RpcNotification notification) throws IOException;

    void answered(RpcResponse response) throws IOException;
}
