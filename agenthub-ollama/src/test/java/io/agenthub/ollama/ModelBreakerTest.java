package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelBreakerTest {
    private final IllegalStateException failure = new IllegalStateException("down");

    private static final Duration AFTER_OPEN = Duration.ofSeconds(30).plusMillis(1);

    private final ManualScheduler time = new ManualScheduler();
    private final ModelBreaker breaker = new ModelBreaker(BreakerPolicy.DEFAULT, time);

    private void open() {
        for (int i = 0; i < 3; i++) {
            breaker.acquire().failed(failure);
        }
    }

    @Test
    void three_failures_in_a_row_open_it_for_thirty_seconds() {
        open();

        assertEquals(BreakerState.OPEN, breaker.status().state());
        time.advance(Duration.ofSeconds(10));
        CircuitOpenException refusal = assertThrows(CircuitOpenException.class, breaker::acquire);
        assertEquals(Optional.of(Duration.ofSeconds(20)), refusal.retryAfter());
        assertEquals(1, breaker.status().refused());
    }

    @Test
    void a_success_in_between_keeps_it_closed() {
        for (int i = 0; i < 10; i++) {
            breaker.acquire().failed(failure);
            breaker.acquire().failed(failure);
            breaker.acquire().succeeded();
        }

        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void one_probe_is_let_through_and_closes_it_by_succeeding() {
        open();
        time.advance(AFTER_OPEN);

        ModelBreaker.Permit probe = breaker.acquire();

        assertEquals(BreakerState.HALF_OPEN, breaker.status().state());
        assertThrows(CircuitOpenException.class, breaker::acquire);
        probe.succeeded();
        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void a_probe_that_fails_opens_it_again() {
        open();
        time.advance(AFTER_OPEN);

        breaker.acquire().failed(failure);

        assertEquals(BreakerState.OPEN, breaker.status().state());
        assertEquals(Optional.of(Duration.ofSeconds(30)), breaker.status().retryAfter());
    }

    @Test
    void a_probe_that_is_given_back_lets_the_next_call_probe() {
        open();
        time.advance(AFTER_OPEN);
        breaker.acquire().released();

        breaker.acquire().succeeded();

        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void what_a_call_from_before_brings_is_not_taken_for_the_probe() {
        ModelBreaker.Permit old = breaker.acquire();
        open();
        time.advance(AFTER_OPEN);
        ModelBreaker.Permit probe = breaker.acquire();

        old.succeeded();
        assertEquals(BreakerState.HALF_OPEN, breaker.status().state());
        assertThrows(CircuitOpenException.class, breaker::acquire);
        probe.failed(failure);

        assertEquals(BreakerState.OPEN, breaker.status().state());
    }

    @Test
    void a_permit_counts_once() {
        ModelBreaker.Permit permit = breaker.acquire();
        permit.failed(failure);
        permit.failed(failure);
        permit.failed(failure);

        assertEquals(BreakerState.CLOSED, breaker.status().state());
        assertEquals(1, breaker.status().recentFailures());
    }

    @Test
    void resetting_closes_it_and_forgets() {
        open();

        breaker.reset();

        assertEquals(BreakerState.CLOSED, breaker.status().state());
        assertEquals(0, breaker.status().recentFailures());
        breaker.acquire().failed(failure);
        breaker.acquire().failed(failure);
        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void switched_off_it_never_opens() {
        ModelBreaker off = new ModelBreaker(BreakerPolicy.OFF, time);
        for (int i = 0; i < 100; i++) {
            off.acquire().failed(failure);
        }

        off.acquire().succeeded();
        assertEquals(BreakerState.CLOSED, off.status().state());
        off.reset();
        assertTrue(off.status().retryAfter().isEmpty());
    }
}
