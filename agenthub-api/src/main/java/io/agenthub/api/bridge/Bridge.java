package io.agenthub.api.bridge;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One live connection to an MCP server, after its handshake.
 *
 * <p>Thread-safe; never blocks the caller. Every request ends exactly once, at the latest when the connection ends: with the
 * server's outcome, or with a typed failure that tells by {@code dispatched()} whether it may have run.
 */
public interface Bridge extends AsyncCloseable {

    /**
     * What the server said of itself in the handshake.
     *
     * @return the same value for the life of the bridge
     */
    ServerInfo info();

    /**
     * Sends a request and waits for its answer.
     *
     * <p>Cancelling the stage frees the private id at once and tells the server with {@code notifications/cancelled}; an
     * answer that comes later is counted as an orphan and dropped. The bridge keeps no deadline of its own: its caller
     * cancels.
     *
     * @param method the MCP method
     * @param params an object or array, or null; a progress token in it is replaced by one of the bridge's own
     * @param context where the call stands and where its side messages go
     * @return the server's outcome. Fails with {@link io.agenthub.api.BusyException} if the queue towards the server is full
     *     (nothing was sent), {@link BridgeClosedException} if the connection ends first, or {@link FrameTooLongException} if
     *     the request or its answer is longer than the limit
     */
    CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context);

    /**
     * Sends a notification.
     *
     * @param method the MCP method
     * @param params an object or array, or null
     * @return completes when the message is in the queue towards the server. Fails as {@link #request} does
     */
    CompletionStage<Void> notify(String method, @Nullable JsonText params);

    /**
     * Tells when and why the connection ended.
     *
     * @return one stage, always the same, that completes normally once, after every pending request has failed
     */
    CompletionStage<BridgeExit> whenClosed();

    /**
     * Counters of this connection.
     *
     * @return a snapshot
     */
    BridgeStats stats();

    /**
     * Ends the connection in order: new requests are refused, pending ones fail with {@link BridgeClosedException}, the
     * server is asked to end, then made to. For a child process: its input is closed, 2 s later its group gets TERM, 3 s
     * later KILL.
     */
    @Override
    CompletionStage<Void> closeAsync();
}
