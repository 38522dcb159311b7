package io.agenthub.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Snapshots of servers and breakers as the gateway shows them. What is not known is left out. */
final class StatusJson {
    private StatusJson() {}

    /**
     * A server.
     *
     * @param now for the time it has been up
     * @param detailed whether to show what it wrote to its error output before it ended
     */
    static Map<String, Object> server(ServerStatus status, BreakerStatus breaker, Instant now, boolean detailed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", status.name());
        json.put("state", status.state());
        json.put("since", status.since().toString());
        if (status.state() == ServerState.RUNNING) {
            json.put(
                    "uptimeMs",
                    Math.max(0, Duration.between(status.since(), now).toMillis()));
        }
        json.put("restarts", status.restarts());
        status.stats().ifPresent(stats -> stats(json, stats));
        status.info().ifPresent(info -> info(json, info));
        json.put("breaker", breaker(breaker));
        status.lastExit().ifPresent(exit -> json.put("lastExit", exit(exit, detailed)));
        status.lastError().ifPresent(error -> json.put("lastError", error));
        status.retryIn().ifPresent(span -> json.put("retryInMs", span.toMillis()));
        if (!status.warnings().isEmpty()) {
            json.put("warnings", status.warnings());
        }
        if (!status.toolFindings().isEmpty()) {
            json.put(
                    "toolFindings",
                    status.toolFindings().stream().map(StatusJson::finding).toList());
        }
        return json;
    }

    private static Map<String, Object> finding(ToolFinding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tool", finding.tool());
        json.put("finding", finding.kind());
        json.put("since", finding.since().toString());
        return json;
    }

    private static void stats(Map<String, Object> json, BridgeStats stats) {
        stats.pid().ifPresent(pid -> json.put("pid", pid));
        json.put("inFlight", stats.inFlight());
        json.put("queuedBytes", stats.queuedBytes());
        json.put("requests", stats.requests());
        json.put("orphans", stats.orphans());
        json.put("noise", stats.noise());
        json.put("noiseBytes", stats.noiseBytes());
    }

    private static void info(Map<String, Object> json, ServerInfo info) {
        json.put("protocolVersion", info.protocolVersion());
        json.put("serverInfo", Map.of("name", info.name(), "version", info.version()));
    }

    private static Map<String, Object> exit(BridgeExit exit, boolean detailed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cause", exit.cause());
        exit.code().ifPresent(code -> json.put("code", code));
        exit.signal().ifPresent(signal -> json.put("signal", signal));
        json.put("detail", exit.detail());
        if (detailed && !exit.stderrTail().isEmpty()) {
            json.put("stderrTail", exit.stderrTail());
        }
        return json;
    }

    /** The cache of improved prompts. */
    static Map<String, Object> cache(EnhancementCacheStats cache) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hits", cache.hits());
        json.put("misses", cache.misses());
        json.put("joined", cache.joined());
        json.put("loads", cache.loads());
        json.put("loadFailures", cache.loadFailures());
        json.put("evictions", cache.evictions());
        json.put("entries", cache.entries());
        json.put("weightBytes", cache.weightBytes());
        json.put("maxWeightBytes", cache.maxWeightBytes());
        json.put("hitRate", cache.hitRate());
        return json;
    }

    /** Why a changed configuration file is not in force. */
    static Map<String, Object> problem(ConfigurationException problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", problem.path());
        json.put("message", problem.getMessage());
        return json;
    }

    /** A breaker. */
    static Map<String, Object> breaker(BreakerStatus status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", status.name());
        json.put("state", status.state());
        json.put("recentFailures", status.recentFailures());
        json.put("refused", status.refused());
        status.retryAfter().ifPresent(span -> json.put("retryAfterMs", span.toMillis()));
        return json;
    }
}
