package io.agenthub.api.server;

import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of one server.
 *
 * @param name its name
 * @param state where it stands
 * @param since when it came into this state
 * @param restarts how often it was started again since the hub was, successfully or not, under whatever configuration; as a
 *     supervisor reports it, since the server was added to it
 * @param info what it said of itself, while it runs
 * @param stats counters of the current connection, while it runs
 * @param lastExit how its last incarnation ended, if one has
 * @param lastError why its last start failed, if it did; one sentence
 * @param retryIn the time until the next attempt, while backing off or failed
 * @param warnings what is wrong with a server that still answers, one sentence each; empty if nothing is
 * @param toolFindings what a person should look at among its tools, by name; empty as a supervisor reports it, since only the hub
 *     sees the lists of tools that pass
 */
public record ServerStatus(
        String name,
        ServerState state,
        Instant since,
        long restarts,
        Optional<ServerInfo> info,
        Optional<BridgeStats> stats,
        Optional<BridgeExit> lastExit,
        Optional<String> lastError,
        Optional<Duration> retryIn,
        List<String> warnings,
        List<ToolFinding> toolFindings) {

    /** Copies the lists. */
    public ServerStatus {
        warnings = List.copyOf(warnings);
        toolFindings = List.copyOf(toolFindings);
    }

    /**
     * The same with another count.
     *
     * @param count how often it was started again
     * @return this if that is what it says
     */
    public ServerStatus withRestarts(long count) {
        return count == restarts
                ? this
                : new ServerStatus(
                        name, state, since, count, info, stats, lastExit, lastError, retryIn, warnings, toolFindings);
    }

    /**
     * The same with findings.
     *
     * @param findings what was found
     * @return this if there are none
     */
    public ServerStatus withToolFindings(List<ToolFinding> findings) {
        return findings.isEmpty() && toolFindings.isEmpty()
                ? this
                : new ServerStatus(
                        name, state, since, restarts, info, stats, lastExit, lastError, retryIn, warnings, findings);
    }
}
