package io.agenthub.core.internal.supervise;

import io.agenthub.api.server.RestartPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** Counts how often a server ended, and says how long to wait. Confined to the control thread. */
final class RestartBudget {
    private final RestartPolicy policy;
    private final SplittableRandom random;
    private final Deque<Long> exits = new ArrayDeque<>();
    private int attempts;

    RestartBudget(RestartPolicy policy, long seed) {
        this.policy = policy;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Counts an end.
     *
     * @param now the monotonic time
     * @param healthyFor how long the server had been running, zero if it never was
     * @return false if the budget is used up
     */
    boolean spend(long now, Duration healthyFor) {
        if (healthyFor.compareTo(policy.window()) >= 0) {
            forgive();
        }
        exits.addLast(now);
        while (now - exits.getFirst() > policy.window().toNanos()) {
            exits.removeFirst();
        }
        attempts++;
        return exits.size() <= policy.maxExits();
    }

    /** The delay before the next attempt, jitter included. */
    Duration nextDelay() {
        double factor = 1 + policy.jitter() * (2 * random.nextDouble() - 1);
        return Duration.ofNanos((long) (policy.delay(attempts).toNanos() * factor));
    }

    void forgive() {
        exits.clear();
        attempts = 0;
    }
}
