package io.agenthub.api.bridge;

import java.util.concurrent.CompletionStage;

/**
 * Makes connections to one server, each of them a new incarnation. Made by a {@link io.agenthub.api.spi.BridgeProvider} from
 * checked settings; holds nothing that needs closing.
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
}
