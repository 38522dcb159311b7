package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.tck.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who watches an improvement grow, and cannot spoil it. */
class PreviewTest extends EnhancerTest {
    @Test
    void aListenerThatThrowsAnErrorChangesNothing() {
        Enhancer enhancer = opened(patient().rules(rules(MODEL)).build());
        AtomicInteger told = new AtomicInteger();
        EnhancementListener broken = new EnhancementListener() {
            @Override
            public void began(String model) {
                told.incrementAndGet();
                throw new AssertionError("not expected");
            }

            @Override
            public void wrote(String text) {
                told.incrementAndGet();
                throw new NoSuchMethodError("gone");
            }
        };

        EnhancedPrompt outcome = Await.value(enhancer.enhance(Prompt.of("a cat"), broken));

        assertEquals(Outcome.ENHANCED, outcome.outcome());
        assertEquals(4, told.get());
    }
}
