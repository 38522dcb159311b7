package io.agenthub.core.internal.supervise;

import io.agenthub.api.bridge.BridgeStats;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Judges whether one server writes too much to its output that is no message: more than 1,000 lines or 1 MiB a minute. Confined to
 * the control thread.
 *
 * <p>Noise never ends a server, for what it answers is still right; but somebody should look at it.
 */
final class NoiseWatch {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long MAX_LINES = 1_000;
    private static final long MAX_BYTES = 1 << 20;

    private long since;
    private long lines;
    private long bytes;
    private boolean noisy;

    NoiseWatch(long now, BridgeStats stats) {
        restart(now, stats);
    }

    /**
     * Looks again.
     *
     * @return whether the verdict is another one than before
     */
    boolean changes(long now, BridgeStats stats) {
        boolean before = noisy;
        boolean above = stats.noise() - lines > MAX_LINES || stats.noiseBytes() - bytes > MAX_BYTES;
        if (above) {
            noisy = true;
        }
        if (now - since >= MINUTE) {
            noisy = above;
            restart(now, stats);
        }
        return noisy != before;
    }

    List<String> warnings() {
        return noisy
                ? List.of("It writes more than " + MAX_LINES + " lines or " + (MAX_BYTES >> 20)
                        + " MiB a minute to its output that are no MCP messages; they are skipped")
                : List.of();
    }

    private void restart(long now, BridgeStats stats) {
        since = now;
        lines = stats.noise();
        bytes = stats.noiseBytes();
    }
}
