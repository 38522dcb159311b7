package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Beats once a second for everything that waits: cheaper than a timer for each, and exact enough for what is counted in seconds.
 * Thread-safe; asleep while nobody waits.
 */
public final class Pulse {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Something that wants to know that time passes. */
    @FunctionalInterface
    public interface Beat {
        /** A second has passed. Called on the control thread; must not block. */
        void beat();
    }

    private final Scheduler scheduler;
    private final Set<Beat> beats = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean awake = new AtomicBoolean();

    /**
     * Makes a pulse that sleeps.
     *
     * @param scheduler the time
     */
    public Pulse(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Begins to tell.
     *
     * @param beat told from the next beat on, until it is removed
     */
    public void add(Beat beat) {
        beats.add(beat);
        if (awake.compareAndSet(false, true)) {
            scheduler.schedule(PERIOD, this::beat);
        }
    }

    /**
     * Ends telling.
     *
     * @param beat may still be told once if a beat is under way
     */
    public void remove(Beat beat) {
        beats.remove(beat);
    }

    private void beat() {
        beats.forEach(Beat::beat);
        if (beats.isEmpty()) {
            awake.set(false);
            if (beats.isEmpty() || !awake.compareAndSet(false, true)) {
                return;
            }
        }
        scheduler.schedule(PERIOD, this::beat);
    }
}
