package io.agenthub.api.monitor;

/**
 * What was dropped because a bound was reached, or because the callback it was for threw. All are zero in a hub that does well.
 *
 * @param events events for listeners that were too slow
 * @param sideMessages progress and log messages for callers that were too slow
 * @param activities activities that the store refused
 * @param callbacks calls of listeners and callers' callbacks that threw, an {@link Error} included
 */
public record Drops(long events, long sideMessages, long activities, long callbacks) {}
