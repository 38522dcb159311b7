package io.agenthub.api.bridge;

import io.agenthub.api.Promise;
import java.util.concurrent.CompletionStage;

/**
 * Makes connections to one server, each of them a new incarnation. Made by a {@link io.agenthub.api.spi.BridgeProvider} from
 * checked settings. What it started and then abandoned, it ends by itself; {@link #settled()} tells when.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Starts or reaches the server and completes its handshake.
     *
     * <p>Cancelling the stage abandons the attempt: whatever was started is ended, its whole process tree included.
     *
     * @param request what this incarnation is opened for
     * @return the live bridge. Fails with {@link ConnectException}; then nothing of the attempt is left
     */
    CompletionStage<Bridge> connect(ConnectRequest request);

    /**
     * Tells when nothing of abandoned attempts is left. Bridges that were handed out are not counted.
     *
     * @return completes within the bounds of stopping a server; at once for a connector that leaves nothing behind
     */
    default CompletionStage<Void> settled() {
        return Promise.done();
    }
}
