package io.agenthub.api.server;

import io.agenthub.api.bridge.Bridge;
import java.util.concurrent.CompletionStage;

/** One server under supervision. Thread-safe; never blocks. */
public interface ManagedServer {

    /**
     * How it is run.
     *
     * @return the spec it was added with
     */
    ServerSpec spec();

    /**
     * Where it stands.
     *
     * @return a snapshot, consistent in itself
     */
    ServerStatus status();

    /**
     * The live bridge, for one call. A stopped server that starts on demand is started; a starting one is waited for.
     *
     * <p>The returned stage may be shared: cancelling it is without effect on the server.
     *
     * @return the bridge, in a stage that is complete already while the server runs. Fails with {@link ServerNotReadyException}
     *     if it is stopped by hand, backing off or failed, with {@link io.agenthub.api.BusyException} if too many calls wait, and
     *     with {@link io.agenthub.api.bridge.ConnectException} if it cannot be started
     */
    CompletionStage<Bridge> bridge();

    /**
     * Starts it; without effect if it runs. Single-flight: concurrent callers share one attempt. Also the way out of {@link
     * ServerState#FAILED}.
     *
     * @return completes when it runs. Fails with {@link io.agenthub.api.bridge.ConnectException}; the supervisor goes on
     *     trying
     */
    CompletionStage<ServerStatus> start();

    /**
     * Stops it in order and keeps it stopped until it is started by hand.
     *
     * @return completes when its process tree is gone
     */
    CompletionStage<ServerStatus> stop();

    /**
     * Stops it if it runs, and starts it.
     *
     * @return completes when it runs again. Fails as {@link #start} does
     */
    CompletionStage<ServerStatus> restart();
}
