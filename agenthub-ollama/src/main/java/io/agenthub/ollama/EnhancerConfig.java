package io.agenthub.ollama;

import io.agenthub.api.breaker.BreakerPolicy;
import java.time.Duration;
import java.util.Optional;

/** How an {@link OllamaEnhancer} behaves; its builder says what each value means. */
record EnhancerConfig(
        Duration timeBudget,
        Duration modelTimeout,
        int maxConcurrent,
        int maxPromptChars,
        int maxOutputChars,
        Optional<Duration> keepAlive,
        BreakerPolicy breaker) {

    static final EnhancerConfig DEFAULT = new EnhancerConfig(
            Duration.ofSeconds(2), Duration.ofSeconds(30), 4, 32_768, 32_768, Optional.empty(), BreakerPolicy.DEFAULT);

    EnhancerConfig {
        range(timeBudget, Duration.ofMinutes(5), "timeBudget");
        range(modelTimeout, Duration.ofMinutes(10), "modelTimeout");
        range(maxConcurrent, 1_024, "maxConcurrent");
        range(maxPromptChars, 1 << 24, "maxPromptChars");
        range(maxOutputChars, 1 << 24, "maxOutputChars");
    }

    private static void range(Duration value, Duration most, String name) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be between 1 ms and " + most);
        }
    }

    private static void range(int value, int most, String name) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", must be between 1 and " + most);
        }
    }
}
