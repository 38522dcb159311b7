package io.agenthub.core.internal.spi;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A bridge that may be anybody's: it throws nothing, and where it would, shows what it showed last. Thread-safe. */
final class SafeBridge implements Bridge {
    private final String part;
    private final Bridge bridge;
    private final CompletionStage<BridgeExit> closed;
    private volatile ServerInfo info;
    private volatile BridgeStats stats;

    /** Asks for everything once; throws what the bridge throws. */
    SafeBridge(String part, Bridge bridge) {
        this.part = part;
        this.bridge = bridge;
        this.info = Objects.requireNonNull(bridge.info(), "no information about the server");
        this.closed = Objects.requireNonNull(bridge.whenClosed(), "no stage of its end");
        this.stats = Objects.requireNonNull(bridge.stats(), "no counters");
    }

    @Override
    public ServerInfo info() {
        info = SafeStages.known(part, bridge::info, info);
        return info;
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context) {
        return SafeStages.call(part, () -> bridge.request(method, params, context));
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        return SafeStages.call(part, () -> bridge.notify(method, params));
    }

    @Override
    public CompletionStage<BridgeExit> whenClosed() {
        return closed;
    }

    @Override
    public BridgeStats stats() {
        stats = SafeStages.known(part, bridge::stats, stats);
        return stats;
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return SafeStages.call(part, bridge::closeAsync);
    }
}
