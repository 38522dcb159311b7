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
    void threeFailuresInARowOpenItForThirtySeconds() {
        open();

        assertEquals(BreakerState.OPEN, breaker.status().state());
        time.advance(Duration.ofSeconds(10));
        CircuitOpenException refusal = assertThrows(CircuitOpenException.class, breaker::acquire);
        assertEquals(Optional.of(Duration.ofSeconds(20)), refusal.retryAfter());
        assertEquals(1, breaker.status().refused());
    }

    @Test
    void aSuccessInBetweenKeepsItClosed() {
        for (int i = 0; i < 10; i++) {
            breaker.acquire().failed(failure);
            breaker.acquire().failed(failure);
            breaker.acquire().succeeded();
        }

        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void oneProbeIsLetThroughAndClosesItBySucceeding() {
        open();
        time.advance(AFTER_OPEN);

        ModelBreaker.Permit probe = breaker.acquire();

        assertEquals(BreakerState.HALF_OPEN, breaker.status().state());
        assertThrows(CircuitOpenException.class, breaker::acquire);
        probe.succeeded();
        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void aProbeThatFailsOpensItAgain() {
        open();
        time.advance(AFTER_OPEN);

        breaker.acquire().failed(failure);

        assertEquals(BreakerState.OPEN, breaker.status().state());
        assertEquals(Optional.of(Duration.ofSeconds(30)), breaker.status().retryAfter());
    }

    @Test
    void aProbeThatIsGivenBackLetsTheNextCallProbe() {
        open();
        time.advance(AFTER_OPEN);
        breaker.acquire().released();

        breaker.acquire().succeeded();

        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void whatACallFromBeforeBringsIsNotTakenForTheProbe() {
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
    void aPermitCountsOnce() {
        ModelBreaker.Permit permit = breaker.acquire();
        permit.failed(failure);
        permit.failed(failure);
        permit.failed(failure);

        assertEquals(BreakerState.CLOSED, breaker.status().state());
        assertEquals(1, breaker.status().recentFailures());
    }

    @Test
    void resettingClosesItAndForgets() {
        open();

        breaker.reset();

        assertEquals(BreakerState.CLOSED, breaker.status().state());
        assertEquals(0, breaker.status().recentFailures());
        breaker.acquire().failed(failure);
        breaker.acquire().failed(failure);
        assertEquals(BreakerState.CLOSED, breaker.status().state());
    }

    @Test
    void switchedOffItNeverOpens() {
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
