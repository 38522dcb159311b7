package io.agenthub.core.internal.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallBreakerTest {
    private final ManualScheduler time = new ManualScheduler();

    private CallBreaker breaker(int failures) {
        BreakerPolicy policy = new BreakerPolicy(failures, Duration.ofSeconds(30));
        return new CallBreaker("s", policy, time, (server, before, after) -> {});
    }

    private static long permit(CallBreaker breaker) {
        long permit = breaker.acquire();
        assertNotEquals(CallBreaker.REFUSED, permit);
        return permit;
    }

    private static void failure(CallBreaker breaker) {
        breaker.failed(permit(breaker), new IllegalStateException());
    }

    private static void success(CallBreaker breaker) {
        breaker.succeeded(permit(breaker));
    }

    /** A breaker that was closed, has failed, and lets one call probe; with the permits of calls that began before. */
    private CallBreaker halfOpen(long[] earlier, long[] probe) {
        CallBreaker breaker = breaker(3);
        Arrays.setAll(earlier, i -> permit(breaker));
        for (int i = 0; i < 3; i++) {
            failure(breaker);
        }
        assertEquals(BreakerState.OPEN, breaker.state());
        time.advance(Duration.ofSeconds(31));
        probe[0] = permit(breaker);
        assertEquals(BreakerState.HALF_OPEN, breaker.state());
        return breaker;
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
            assertEquals(CallBreaker.REFUSED, breaker.acquire());
            time.advance(Duration.ofSeconds(31));
            long probe = permit(breaker);
            assertEquals(BreakerState.HALF_OPEN, breaker.state());
            breaker.succeeded(probe);
            assertEquals(BreakerState.CLOSED, breaker.state());
            assertEquals(0, breaker.status().recentFailures());
        }
    }

    /** What a call may bring that began while the breaker was closed. */
    enum Late {
        ANSWER {
            @Override
            void end(CallBreaker breaker, long permit) {
                breaker.succeeded(permit);
            }
        },
        FAILURE {
            @Override
            void end(CallBreaker breaker, long permit) {
                breaker.failed(permit, new IllegalStateException());
            }
        },
        CANCELLATION {
            @Override
            void end(CallBreaker breaker, long permit) {
                breaker.released(permit);
            }
        };

        abstract void end(CallBreaker breaker, long permit);
    }

    @ParameterizedTest
    @EnumSource
    void whatCallsOfBeforeBringNeitherEndsTheProbeNorLetsOthersIn(Late late) {
        long[] earlier = new long[10];
        long[] probe = new long[1];
        CallBreaker breaker = halfOpen(earlier, probe);
        for (long permit : earlier) {
            late.end(breaker, permit);
        }
        assertEquals(BreakerState.HALF_OPEN, breaker.state());
        assertEquals(CallBreaker.REFUSED, breaker.acquire());

        breaker.succeeded(probe[0]);
        assertEquals(BreakerState.CLOSED, breaker.state());
    }

    @ParameterizedTest
    @EnumSource
    void whatCallsOfBeforeBringIsForgottenOnceItIsClosedAgain(Late late) {
        long[] earlier = new long[10];
        long[] probe = new long[1];
        CallBreaker breaker = halfOpen(earlier, probe);
        breaker.succeeded(probe[0]);
        for (long permit : earlier) {
            late.end(breaker, permit);
        }
        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(0, breaker.status().recentFailures());
    }

    @Test
    void aProbeThatIsCancelledLeavesItsPlaceToOneOther() {
        long[] probe = new long[1];
        CallBreaker breaker = halfOpen(new long[0], probe);
        breaker.released(probe[0]);
        long next = permit(breaker);
        assertEquals(CallBreaker.REFUSED, breaker.acquire());
        breaker.failed(next, new IllegalStateException());
        assertEquals(BreakerState.OPEN, breaker.state());
    }

    @Test
    void afterAResetNothingOfBeforeCounts() {
        long[] earlier = new long[3];
        long[] probe = new long[1];
        CallBreaker breaker = halfOpen(earlier, probe);
        breaker.reset();
        for (long permit : earlier) {
            breaker.failed(permit, new IllegalStateException());
        }
        breaker.failed(probe[0], new IllegalStateException());
        assertEquals(BreakerState.CLOSED, breaker.state());
        for (int i = 0; i < 3; i++) {
            failure(breaker);
        }
        assertEquals(BreakerState.OPEN, breaker.state());
    }
}
