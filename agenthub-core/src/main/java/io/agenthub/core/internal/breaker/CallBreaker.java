package io.agenthub.core.internal.breaker;

import io.agenthub.api.Scheduler;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one server. Thread-safe; never blocks.
 *
 * <p>Each permit taken is given back exactly once, by {@link #succeeded}, {@link #failed} or {@link #released}. It belongs to the state that
 * it was taken in: what a call brings that began before the breaker last changed its state is history, and changes nothing.
 */
public final class CallBreaker implements Breaker {
    /*
     *            N failures in a row                 openFor over, a call comes
     *   CLOSED ─────────────────────▶ OPEN ──────────────────────────────────▶ HALF_OPEN (one permit)
     *      ▲                            ▲                                          │   │
     *      │                            └───────── the probe fails ────────────────┘   │
     *      └─────────────────────────────────────── the probe succeeds ────────────────┘
     *
     * The permit of the probe is leased to its call: a probe that is cancelled or refused elsewhere gives it back, and the next
     * call probes.
     *
     * A permit is the number of changes that came before it. While the breaker is closed none is counted, so that taking one and giving
     * it back with a success takes no lock; all that changes a state or the number of permits does.
     *
     * A success only matters while failures are remembered: with none, it changes nothing that is counted, and is not told to the
     * window. `failures` grows after a failure was recorded, `clean` is what it was before a success was: so `clean` equals
     * `failures` only if no failure was recorded since the window was seen without one.
     */

    /** Hears of changes, on the thread that caused them. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The breaker changed its state.
         *
         * @param server the server it guards
         * @param before the state before
         * @param after the state now
         */
        void changed(String server, BreakerState before, BreakerState after);
    }

    /** Instead of a permit: the call may not pass. */
    public static final long REFUSED = -1;

    private final String server;
    private final Duration openFor;
    private final Scheduler scheduler;
    private final @Nullable CircuitBreaker breaker;
    private final LongAdder refused = new LongAdder();
    private final AtomicReference<@Nullable BridgeExit> counted = new AtomicReference<>();
    private final AtomicLong failures = new AtomicLong();
    private volatile long changes;
    private volatile long clean;
    private volatile long openedAt;

    /**
     * Creates a closed breaker.
     *
     * @param server the server it guards
     * @param policy when it opens and closes
     * @param scheduler measures how long it is open
     * @param listener hears of changes
     */
    public CallBreaker(String server, BreakerPolicy policy, Scheduler scheduler, Listener listener) {
        this.server = server;
        this.openFor = policy.openFor();
        this.scheduler = scheduler;
        this.breaker = policy.failures() == 0 ? null : create(server, policy, scheduler);
        if (breaker != null) {
            breaker.getEventPublisher().onStateTransition(event -> {
                changed();
                BreakerState after = state(event.getStateTransition().getToState());
                if (after == BreakerState.OPEN) {
                    openedAt = scheduler.nanoTime();
                }
                listener.changed(server, state(event.getStateTransition().getFromState()), after);
            });
        }
    }

    private static CircuitBreaker create(String server, BreakerPolicy policy, Scheduler scheduler) {
        return CircuitBreaker.of(
                server,
                CircuitBreakerConfig.custom()
                        .slidingWindow(policy.failures(), policy.failures(), SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(policy.openFor())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .recordException(failure -> true)
                        .writableStackTraceEnabled(false)
                        .clock(scheduler.monotonicClock())
                        .build());
    }

    /**
     * Counts on from what another breaker of the same server had counted.
     *
     * @param before the calls it refused
     */
    public void countOn(long before) {
        refused.add(before);
    }

    /**
     * Takes a permit.
     *
     * @return the permit, or {@link #REFUSED}
     */
    public long acquire() {
        long before = changes;
        if (breaker == null || breaker.getState() == CircuitBreaker.State.CLOSED) {
            return before;
        }
        return acquireFrom(breaker);
    }

    private synchronized long acquireFrom(CircuitBreaker breaker) {
        if (breaker.tryAcquirePermission()) {
            return changes;
        }
        refused.increment();
        return REFUSED;
    }

    /**
     * What to tell a call that may not pass.
     *
     * @return the refusal
     */
    public CircuitOpenException refusal() {
        return new CircuitOpenException(server, retryAfter());
    }

    /** With the lock held. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written with the lock held
    private void changed() {
        changes++;
    }

    /**
     * The call was answered, be it with an error.
     *
     * @param permit the call's
     */
    public void succeeded(long permit) {
        if (breaker != null && (clean != failures.get() || breaker.getState() != CircuitBreaker.State.CLOSED)) {
            noteSuccess(breaker, permit);
        }
    }

    private synchronized void noteSuccess(CircuitBreaker breaker, long permit) {
        if (permit != changes) {
            return;
        }
        long recorded = failures.get();
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        if (breaker.getState() == CircuitBreaker.State.CLOSED
                && breaker.getMetrics().getNumberOfFailedCalls() == 0) {
            clean = recorded;
        }
    }

    /**
     * The server failed the call. One end of a connection is one failure, however many calls it ends: a server that was busy when
     * it died is no worse than one that was not.
     *
     * @param permit the call's
     * @param failure how
     */
    public void failed(long permit, Throwable failure) {
        if (breaker != null) {
            noteFailure(breaker, permit, failure);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very end, not one like it
    private synchronized void noteFailure(CircuitBreaker breaker, long permit, Throwable failure) {
        boolean known =
                failure instanceof BridgeClosedException closed && counted.getAndSet(closed.exit()) == closed.exit();
        if (permit != changes) {
            return;
        }
        if (known) {
            breaker.releasePermission();
        } else {
            breaker.onError(0, TimeUnit.NANOSECONDS, failure);
            failures.incrementAndGet();
        }
    }

    /**
     * The call says nothing about the server: it was cancelled, or refused elsewhere.
     *
     * @param permit the call's
     */
    public void released(long permit) {
        if (breaker != null && breaker.getState() != CircuitBreaker.State.CLOSED) {
            giveBack(breaker, permit);
        }
    }

    private synchronized void giveBack(CircuitBreaker breaker, long permit) {
        if (permit == changes) {
            breaker.releasePermission();
        }
    }

    @Override
    public BreakerStatus status() {
        if (breaker == null) {
            return new BreakerStatus(server, BreakerState.CLOSED, 0, 0, Optional.empty());
        }
        BreakerState state = state();
        return new BreakerStatus(
                server,
                state,
                Math.max(0, breaker.getMetrics().getNumberOfFailedCalls()),
                refused.sum(),
                state == BreakerState.OPEN ? Optional.of(retryAfter()) : Optional.empty());
    }

    /**
     * Where it stands, without the counters of {@link #status()}.
     *
     * @return the state
     */
    public BreakerState state() {
        return breaker == null ? BreakerState.CLOSED : state(breaker.getState());
    }

    /** How long a refused caller should wait: until the probe, or for a moment while a probe is under way. */
    private Duration retryAfter() {
        long left = openFor.toNanos() - (scheduler.nanoTime() - openedAt);
        return Duration.ofNanos(Math.max(left, TimeUnit.MILLISECONDS.toNanos(100)));
    }

    @Override
    public synchronized void reset() {
        if (breaker != null) {
            breaker.reset();
            changed();
        }
    }

    private static BreakerState state(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }
}
