package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Prompts whose callers give up. */
class CancelledPromptTest extends EnhancerTest {
    private static final Prompt PROMPT = Prompt.of("wat is the wether");

    @Test
    void cancellingWithoutACacheStopsTheModelAndFreesTheSlot() {
        ollama.spoilOnce(FakeFault.HANG);
        OllamaEnhancer enhancer = opened(OllamaEnhancer.builder(builder(), context)
                .rules(rules(MODEL))
                .timeBudget(Duration.ofSeconds(20))
                .maxConcurrent(1)
                .build());
        CompletionStage<EnhancedPrompt> hung = enhancer.enhance(PROMPT);
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        hung.toCompletableFuture().cancel(true);

        Await.until("the connection is closed", () -> ollama.openConnections() == 0);
        Await.until("the slot is free", () -> enhancer.stats().inFlight() == 0);
        assertEquals(Outcome.ENHANCED, Await.value(enhancer.enhance(PROMPT)).outcome());
        assertEquals(
                BreakerState.CLOSED, enhancer.breaker().orElseThrow().status().state());
    }

    @Test
    void aPromptThatIsCancelledCountsNeitherAsImprovedNorAsPassedThrough() {
        ollama.spoil(FakeFault.HANG);
        OllamaEnhancer enhancer = opened(OllamaEnhancer.builder(builder(), context)
                .rules(rules(MODEL, "other"))
                .timeBudget(Duration.ofSeconds(20))
                .build());
        CompletionStage<EnhancedPrompt> hung = enhancer.enhance(PROMPT);
        Await.until("the request arrived", () -> ollama.requests().size() == 1);

        hung.toCompletableFuture().cancel(true);
        Await.until("the model is not asked any more", () -> enhancer.stats().inFlight() == 0);
        ollama.heal();
        Await.value(enhancer.enhance(PROMPT));

        assertEquals(Map.of(), enhancer.stats().passedThrough());
        assertEquals(1, enhancer.stats().enhanced());
    }
}
