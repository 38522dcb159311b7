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
 * <p>Traffic is proof enough; only a silent server is asked. One missed answer is forgiven, three in a row are not. After the machine
 * slept, when connections may be dead without a word, one is enough.
 */
final class HealthCheck {
    private static final int MISSES = 3;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Bridge bridge;
    private final Scheduler scheduler;
    private final Duration interval;
    private final NoiseWatch noise;
    private final Consumer<String> dead;
    private final Consumer<List<String>> warned;
    private int misses;
    /** Counts what was begun. Whatever belongs to an earlier turn comes too late, also a timer that could not be cancelled any more. */
    private int turn;

    private boolean ended;
    private Scheduler.Task next = () -> {};

    /**
     * Makes the check of one connection.
     *
     * @param dead hears what the server did not answer; the last that is heard
     * @param warned hears what is wrong with it, whenever that has changed; nothing if all is well again
     */
    HealthCheck(
            Bridge bridge,
            Scheduler scheduler,
            Duration interval,
            Consumer<String> dead,
            Consumer<List<String>> warned) {
        this.bridge = bridge;
        this.scheduler = scheduler;
        this.interval = interval;
        this.noise = new NoiseWatch(scheduler.nanoTime(), bridge.stats());
        this.dead = dead;
        this.warned = warned;
    }

    void begin() {
        int mine = ++turn;
        if (!interval.isZero()) {
            next = scheduler.schedule(interval, () -> {
                if (!ended && mine == turn) {
                    check();
                }
            });
        }
    }

    void end() {
        ended = true;
        next.cancel();
    }

    private void check() {
        BridgeStats stats = bridge.stats();
        if (noise.changes(scheduler.nanoTime(), stats)) {
            warned.accept(noise.warnings());
        }
        long silent = scheduler.nanoTime() - stats.lastTraffic();
        if (silent < interval.toNanos()) {
            misses = 0;
            begin();
        } else {
            ask(interval.compareTo(LONGEST_WAIT) < 0 ? interval : LONGEST_WAIT, this::answered);
        }
    }

    /** Asks at once, and once only, whether the server still lives; calls wait for the answer. One that works is not judged by it. */
    void probe(Runnable alive) {
        next.cancel();
        boolean works = bridge.stats().inFlight() > 0;
        ask(LONGEST_WAIT, answered -> {
            if (answered || works) {
                misses = answered ? 0 : 1;
                begin();
                alive.run();
            } else {
                end();
                dead.accept("it did not answer after the machine had slept");
            }
        });
    }

    private void ask(Duration wait, Consumer<Boolean> then) {
        int mine = ++turn;
        // A stateless server (2026-07-28) has no ping.
        String method = bridge.info().protocolVersion().compareTo("2026-07-28") >= 0 ? "server/discover" : "ping";
        new OwnRequest(wait, "A health check answers no questions")
                .send(scheduler, bridge, method, null)
                .whenComplete((outcome, failure) -> scheduler.schedule(Duration.ZERO, () -> {
                    if (!ended && mine == turn) {
                        then.accept(outcome != null);
                    }
                }));
    }

    private void answered(boolean alive) {
        misses = alive ? 0 : misses + 1;
        if (misses == MISSES) {
            end();
            dead.accept("it did not answer three health checks");
        } else {
            begin();
        }
    }
}
