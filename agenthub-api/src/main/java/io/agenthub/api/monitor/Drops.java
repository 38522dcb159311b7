package io.agenthub.api.monitor;

/**
 * What was dropped because a bound was reached. All are zero in a hub that does well.
 *
 * @param events events for listeners that were too slow
 * @param sideMessages progress and log messages for callers that were too slow
 * @param activities activities that the store refused
 */
public record Drops(long events, long sideMessages, long activities) {}
