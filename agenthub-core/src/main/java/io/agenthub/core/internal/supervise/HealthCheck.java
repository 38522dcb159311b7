package io.agenthub.core.internal.supervise;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.core.internal.spi.OwnRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks one running bridge at intervals whether it lives. Confined to the control thread.
 *
 * <p>Traffic is proof enough; only a silent server is asked. One missed answer is forgiven, three in a row are not.
 */
final class HealthCheck {
    private static final int MISSES = 3;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Bridge bridge;
    private final Scheduler scheduler;
    private final Duration interval;
    private final NoiseWatch noise;
    private final Runnable dead;
    private final Consumer<List<String>> warned;
    private int misses;
    private boolean ended;
    private Scheduler.Task next = () -> {};

    /**
     * Makes the check of one connection.
     *
     * @param dead hears that the server answered nothing, three times in a row; the last that is heard
     * @param warned hears what is wrong with it, whenever that has changed; nothing if all is well again
     */
    HealthCheck(Bridge bridge, Scheduler scheduler, Duration interval, Runnable dead, Consumer<List<String>> warned) {
        this.bridge = bridge;
        this.scheduler = scheduler;
        this.interval = interval;
        this.noise = new NoiseWatch(scheduler.nanoTime(), bridge.stats());
        this.dead = dead;
        this.warned = warned;
    }

    void begin() {
        if (!interval.isZero()) {
            next = scheduler.schedule(interval, this::check);
        }
    }

    void end() {
        ended = true;
        next.cancel();
    }

    private void check() {
        if (ended) {
            return;
        }
        BridgeStats stats = bridge.stats();
        if (noise.changes(scheduler.nanoTime(), stats)) {
            warned.accept(noise.warnings());
        }
        long silent = scheduler.nanoTime() - stats.lastTraffic();
        if (silent < interval.toNanos()) {
            misses = 0;
            begin();
        } else {
            ask();
        }
    }

    private void ask() {
        Duration wait = interval.compareTo(LONGEST_WAIT) < 0 ? interval : LONGEST_WAIT;
        // A stateless server (2026-07-28) has no ping.
        String method = bridge.info().protocolVersion().compareTo("2026-07-28") >= 0 ? "server/discover" : "ping";
        new OwnRequest(wait, "A health check answers no questions")
                .send(scheduler, bridge, method, null)
                .whenComplete((outcome, failure) -> scheduler.schedule(Duration.ZERO, () -> answered(outcome != null)));
    }

    private void answered(boolean alive) {
        if (ended) {
            return;
        }
        misses = alive ? 0 : misses + 1;
        if (misses == MISSES) {
            end();
            dead.run();
        } else {
            begin();
        }
    }
}
