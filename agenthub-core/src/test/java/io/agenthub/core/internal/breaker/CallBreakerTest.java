package io.agenthub.core.internal.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallBreakerTest {
    private final ManualScheduler time = new ManualScheduler();

    private CallBreaker breaker(int failures) {
        BreakerPolicy policy = new BreakerPolicy(failures, Duration.ofSeconds(30));
        return new CallBreaker("s", policy, time, (server, before, after) -> {});
    }

    private static void failure(CallBreaker breaker) {
        assertNull(breaker.acquire());
        breaker.failed(new IllegalStateException());
    }

    private static void success(CallBreaker breaker) {
        assertNull(breaker.acquire());
        breaker.succeeded();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void itOpensAfterFailuresInARowAndRemembersAsManyCalls(int bound) {
        Random random = new Random(bound);
        for (int run = 0; run < 200; run++) {
            CallBreaker breaker = breaker(bound);
            Deque<Boolean> last = new ArrayDeque<>();
            while (last.size() < bound || last.contains(false)) {
                assertEquals(BreakerState.CLOSED, breaker.state());
                boolean failed = random.nextInt(3) > 0;
                if (failed) {
                    failure(breaker);
                } else {
                    success(breaker);
                }
                last.addLast(failed);
                if (last.size() > bound) {
                    last.removeFirst();
                }
                long failures = last.stream().filter(was -> was).count();
                if (failures < bound) {
                    assertEquals(failures, breaker.status().recentFailures());
                }
            }
            assertEquals(BreakerState.OPEN, breaker.state());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aProbeClosesItAndEarlierFailuresAreForgotten(int bound) {
        CallBreaker breaker = breaker(bound);
        success(breaker);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < bound; i++) {
                failure(breaker);
            }
            assertNotNull(breaker.acquire());
            // An answer of before says nothing of the server now.
            breaker.succeeded();
            assertEquals(BreakerState.OPEN, breaker.state());
            time.advance(Duration.ofSeconds(31));
            assertNull(breaker.acquire());
            assertEquals(BreakerState.HALF_OPEN, breaker.state());
            breaker.succeeded();
            assertEquals(BreakerState.CLOSED, breaker.state());
            assertEquals(0, breaker.status().recentFailures());
        }
    }
}
