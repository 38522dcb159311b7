package io.agenthub.api.monitor;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One event loop, or the control thread.
 *
 * @param name the name of its thread
 * @param lag how much later than asked for it ran its last probe, which is what the alert is judged by; while another waits and has
 *     waited for longer, that. What the machine stood still meanwhile is not the loop's, and does not count
 * @param recentMaxLag the longest lag of the last 30 to 60 s, whatever caused it
 * @param queuedTasks tasks that wait to run; 0 where that is not known
 * @param cpuTime CPU time its thread has taken; empty if the JVM does not tell
 * @param cpuShare CPU time for each unit of wall time in the last second, 0 to 1; empty if it is not known yet
 */
public record LoopStats(
        String name,
        Duration lag,
        Duration recentMaxLag,
        long queuedTasks,
        Optional<Duration> cpuTime,
        OptionalDouble cpuShare) {}
