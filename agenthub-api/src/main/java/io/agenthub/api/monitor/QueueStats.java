package io.agenthub.api.monitor;

/**
 * The callback executor.
 *
 * @param queuedTasks tasks that wait for a thread
 * @param activeThreads threads at work, about
 * @param threads threads there are
 */
public record QueueStats(int queuedTasks, int activeThreads, int threads) {}
