package io.agenthub.core.internal.monitor;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** One server's calls and all its connections, those that have ended included. Thread-safe. */
public final class ServerMeter {
    private final CallMeter calls = new CallMeter();
    private final Set<Bridge> open = ConcurrentHashMap.newKeySet();
    private Traffic ended = Traffic.NONE;
    private volatile Former former = new Former(0, 0);

    /**
     * What was counted under configurations of the server before the present one.
     *
     * @param restarts starts after the first
     * @param refused calls that its breaker refused
     */
    public record Former(long restarts, long refused) {}

    /**
     * What went over connections.
     *
     * @param connections connections that are open
     * @param inFlight requests on their way
     * @param queuedBytes bytes not yet written
     * @param requests requests accepted
     * @param orphans answers dropped
     * @param noise frames that were no messages
     */
    public record Traffic(int connections, int inFlight, long queuedBytes, long requests, long orphans, long noise) {
        static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0);

        Traffic and(BridgeStats stats, int connection) {
            return new Traffic(
                    connections + connection,
                    inFlight + stats.inFlight() * connection,
                    queuedBytes + stats.queuedBytes() * connection,
                    requests + stats.requests(),
                    orphans + stats.orphans(),
                    noise + stats.noise());
        }
    }

    ServerMeter() {}

    /**
     * Its calls.
     *
     * @return counts them
     */
    public CallMeter calls() {
        return calls;
    }

    /**
     * A connector whose connections are measured.
     *
     * @param connector makes the connections
     * @return makes the same connections
     */
    public Connector measured(Connector connector) {
        return new Connector() {
            @Override
            public CompletionStage<Bridge> connect(ConnectRequest request) {
                CompletionStage<Bridge> stage = connector.connect(request);
                if (stage != null) {
                    stage.whenComplete((bridge, failure) -> opened(bridge));
                }
                return stage;
            }

            @Override
            public CompletionStage<Void> settled() {
                return connector.settled();
            }
        };
    }

    private void opened(Bridge bridge) {
        if (bridge != null) {
            open.add(bridge);
            bridge.whenClosed().whenComplete((exit, failure) -> closed(bridge));
        }
    }

    private synchronized void closed(Bridge bridge) {
        if (open.remove(bridge)) {
            ended = ended.and(bridge.stats(), 0);
        }
    }

    /**
     * The server gets another configuration, with which its supervision and its breaker count anew.
     *
     * @param restarts what was counted until now
     * @param refused what was counted until now
     */
    public void reconfigured(long restarts, long refused) {
        former = new Former(restarts, refused);
    }

    /**
     * What was counted under former configurations.
     *
     * @return to be added to what is counted now
     */
    public Former former() {
        return former;
    }

    /**
     * What went over its connections.
     *
     * @return a snapshot
     */
    public synchronized Traffic traffic() {
        Traffic all = ended;
        for (Bridge bridge : open) {
            all = all.and(bridge.stats(), 1);
        }
        return all;
    }
}
