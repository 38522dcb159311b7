package io.agenthub.ollama;

import io.agenthub.api.enhance.EnhancedPrompt;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of prompts. Thread-safe. */
final class Tally {
    private final LongAdder enhanced = new LongAdder();
    private final LongAdder cached = new LongAdder();
    private final Map<PassReason, LongAdder> passed = new ConcurrentHashMap<>();

    void improved(EnhancedPrompt.Outcome outcome) {
        (outcome == EnhancedPrompt.Outcome.CACHED ? cached : enhanced).increment();
    }

    void passed(PassReason reason) {
        passed.computeIfAbsent(reason, first -> new LongAdder()).increment();
    }

    long enhanced() {
        return enhanced.sum();
    }

    long cached() {
        return cached.sum();
    }

    Map<String, Long> passedThrough() {
        Map<String, Long> counts = new TreeMap<>();
        passed.forEach((reason, count) -> counts.put(reason.code(), count.sum()));
        return counts;
    }
}
