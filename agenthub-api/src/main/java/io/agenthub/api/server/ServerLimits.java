package io.agenthub.api.server;

/**
 * Bounds of one server. A request beyond one is refused at once with {@link io.agenthub.api.BusyException}.
 *
 * @param maxInFlight requests sent or queued and not yet ended; default 16,384
 * @param maxQueuedBytes bytes accepted and not yet written to the server; default 8 MiB. One message larger than that is
 *     accepted while nothing else is queued
 * @param maxWaiting calls that wait for the server to become ready; default 1,024
 * @param maxFrameBytes the longest single message, either way; default 16 MiB
 */
public record ServerLimits(int maxInFlight, long maxQueuedBytes, int maxWaiting, int maxFrameBytes) {

    /** The defaults stated above. */
    public static final ServerLimits DEFAULT = new ServerLimits(16_384, 8L << 20, 1_024, 16 << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public ServerLimits {
        require(maxInFlight, 1, "maxInFlight");
        require(maxQueuedBytes, 1_024, "maxQueuedBytes");
        require(maxWaiting, 0, "maxWaiting");
        require(maxFrameBytes, 1_024, "maxFrameBytes");
    }

    private static void require(long value, long least, String name) {
        if (value < least) {
            throw new IllegalArgumentException("limits." + name + " is " + value + ", must be at least " + least);
        }
    }
}
