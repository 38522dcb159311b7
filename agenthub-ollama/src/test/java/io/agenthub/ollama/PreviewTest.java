package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.tck.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who watches an improvement grow, and cannot spoil it. */
class PreviewTest extends EnhancerTest {
    private static final Prompt PROMPT = Prompt.of("wat is the wether");

    /** Notes what it is shown. */
    static final class Watching implements EnhancementListener {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void began(String model) {
            seen.add("[" + model + "]");
        }

        @Override
        public void wrote(String text) {
            seen.add(text);
        }
    }

    @Test
    void anImprovementIsShownWhileItGrowsWithoutReasoning() {
        ollama.model(
                MODEL,
                FakeModel.saying("<think>secret</think>", "What ", "is the ", "weather?")
                        .thinking("hm"));
        Enhancer enhancer = opened(patient().rules(rules("missing", MODEL)).build());
        Watching watching = new Watching();

        EnhancedPrompt outcome = Await.value(enhancer.enhance(PROMPT, watching));

        assertEquals("What is the weather?", outcome.text());
        assertEquals(List.of("[" + MODEL + "]", "What ", "is the ", "weather?"), watching.seen);
    }

    @Test
    void whatTurnsOutToHaveBeenReasoningIsVoid() {
        ollama.model(MODEL, FakeModel.saying("let me see", "</think>", "Answer"));
        Watching watching = new Watching();

        EnhancedPrompt outcome =
                Await.value(opened(patient().rules(rules(MODEL)).build()).enhance(PROMPT, watching));

        assertEquals("Answer", outcome.text());
        assertEquals(List.of("[" + MODEL + "]", "let me see", "[" + MODEL + "]", "Answer"), watching.seen);
    }

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

        EnhancedPrompt outcome = Await.value(enhancer.enhance(PROMPT, broken));

        assertEquals(Outcome.ENHANCED, outcome.outcome());
        assertEquals(4, told.get());
    }
}
