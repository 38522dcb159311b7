package io.agenthub.ollama;

import io.agenthub.api.Scheduler;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.breaker.CircuitOpenException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breaker of the model server. Thread-safe; its lock is held for a few instructions only.
 *
 * <p>A permit belongs to the state it was taken in: what a call brings that began before the breaker last changed its state is
 * history, and neither closes nor opens it.
 */
final class ModelBreaker implements Breaker {
    private static final Logger log = LoggerFactory.getLogger(ModelBreaker.class);
    private static final String NAME = "ollama";

    private final Scheduler scheduler;
    private final Duration openFor;
    private final @Nullable CircuitBreaker breaker;
    private long changes;
    private long refused;
    private long openedAt;

    ModelBreaker(BreakerPolicy policy, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.openFor = policy.openFor();
        this.breaker = policy.failures() == 0 ? null : create(policy, scheduler);
    }

    private static CircuitBreaker create(BreakerPolicy policy, Scheduler scheduler) {
        return CircuitBreaker.of(
                NAME,
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

    /** Notes what a step has changed; called with the lock held. */
    private void note(CircuitBreaker.State before, CircuitBreaker.State after) {
        if (before != after) {
            changes++;
            openedAt = scheduler.nanoTime();
            log.atInfo().addKeyValue("state", after).log("The breaker of the model server changed");
        }
    }

    /** A permit to call, to be given back exactly once. */
    final class Permit {
        private final long taken;
        private boolean used;

        private Permit(long taken) {
            this.taken = taken;
        }

        void succeeded() {
            give(b -> b.onSuccess(0, TimeUnit.NANOSECONDS));
        }

        void failed(Throwable failure) {
            give(b -> b.onError(0, TimeUnit.NANOSECONDS, failure));
        }

        /** The call says nothing about the server. */
        void released() {
            give(CircuitBreaker::releasePermission);
        }

        private void give(Consumer<CircuitBreaker> outcome) {
            synchronized (ModelBreaker.this) {
                if (breaker != null && !used && taken == changes) {
                    CircuitBreaker.State before = breaker.getState();
                    outcome.accept(breaker);
                    note(before, breaker.getState());
                }
                used = true;
            }
        }
    }

    /**
     * Takes a permit.
     *
     * @throws CircuitOpenException if the breaker is open
     */
    synchronized Permit acquire() {
        if (breaker != null) {
            CircuitBreaker.State before = breaker.getState();
            boolean permitted = breaker.tryAcquirePermission();
            note(before, breaker.getState());
            if (!permitted) {
                refused++;
                throw new CircuitOpenException(NAME, retryAfter());
            }
        }
        return new Permit(changes);
    }

    @Override
    public synchronized BreakerStatus status() {
        if (breaker == null) {
            return new BreakerStatus(NAME, BreakerState.CLOSED, 0, 0, Optional.empty());
        }
        BreakerState state = state();
        return new BreakerStatus(
                NAME,
                state,
                Math.max(0, breaker.getMetrics().getNumberOfFailedCalls()),
                refused,
                state == BreakerState.OPEN ? Optional.of(retryAfter()) : Optional.empty());
    }

    synchronized BreakerState state() {
        if (breaker == null) {
            return BreakerState.CLOSED;
        }
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }

    /** Until the probe, or a moment while a probe is under way. */
    private Duration retryAfter() {
        long left = openFor.toNanos() - (scheduler.nanoTime() - openedAt);
        return Duration.ofNanos(Math.max(left, TimeUnit.MILLISECONDS.toNanos(100)));
    }

    @Override
    public synchronized void reset() {
        if (breaker != null) {
            breaker.reset();
            changes++;
            refused = 0;
        }
    }
}
