package io.agenthub.core.internal.supervise;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What other threads may see of a server; replaced whole. */
record LifecycleSnapshot(
        String name,
        ServerState state,
        Instant since,
        long restarts,
        @Nullable Bridge bridge,
        @Nullable BridgeExit lastExit,
        @Nullable String lastError,
        long retryAt,
        List<String> warnings) {

    /** No attempt is planned. */
    static final long NEVER = Long.MIN_VALUE;

    LifecycleSnapshot withExit(BridgeExit exit) {
        return new LifecycleSnapshot(name, state, since, restarts, bridge, exit, lastError, retryAt, warnings);
    }

    LifecycleSnapshot withWarnings(List<String> warnings) {
        return new LifecycleSnapshot(name, state, since, restarts, bridge, lastExit, lastError, retryAt, warnings);
    }

    /** The time until the next attempt, if one is planned. */
    Optional<Duration> retryIn(long now) {
        return retryAt == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, retryAt - now)));
    }

    /** Why no call can be taken, in one sentence. */
    String why(RestartPolicy restart) {
        String reason = lastError != null ? lastError : lastExit != null ? lastExit.detail() : "it is being stopped";
        return state == ServerState.FAILED
                ? "it ended more than " + restart.maxExits() + " times within "
                        + restart.window().toSeconds() + " s; start it once it is repaired. Last: " + reason
                : reason;
    }

    ServerNotReadyException notReady(String why, long now) {
        return new ServerNotReadyException(name, state, why, retryIn(now).orElse(null));
    }

    /** As listeners are told of it. */
    ServerStatus reported() {
        return status(Optional.ofNullable(bridge).map(Bridge::stats), Optional.empty());
    }

    ServerStatus status(Optional<BridgeStats> stats, Optional<Duration> retryIn) {
        Optional<ServerInfo> info = Optional.ofNullable(bridge).map(Bridge::info);
        return new ServerStatus(
                name,
                state,
                since,
                restarts,
                info,
                stats,
                Optional.ofNullable(lastExit),
                Optional.ofNullable(lastError),
                retryIn,
                warnings,
                List.of());
    }
}
