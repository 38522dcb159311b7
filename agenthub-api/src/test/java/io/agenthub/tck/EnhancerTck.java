package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Enhancer} keeps: it helps, or gives the original back, and never fails. Extend it, and name an enhancer that
 * works in {@link #create} and one whose models cannot be asked in {@link #createBroken}.
 */
public abstract class EnhancerTck {
    private static final Prompt PROMPT = Prompt.of("wat is the wether");

    private final TckContext context = TckContext.real();
    private Enhancer enhancer;
    private Enhancer broken;

    /** For subclasses. */
    protected EnhancerTck() {}

    /**
     * Makes an enhancer.
     *
     * @param context what a hub lends
     * @return the enhancer
     */
    protected abstract Enhancer create(ProviderContext context);

    /**
     * Makes an enhancer whose models cannot be asked, or never answer.
     *
     * @param context what a hub lends
     * @return the enhancer
     */
    protected abstract Enhancer createBroken(ProviderContext context);

    /**
     * How long the enhancer may take to give a prompt back.
     *
     * @return the time budget, with some room for a loaded machine
     */
    protected Duration budget() {
        return Duration.ofSeconds(10);
    }

    @BeforeEach
    final void createEnhancers() {
        enhancer = create(context);
        broken = createBroken(context);
    }

    @AfterEach
    final void closeEnhancers() {
        enhancer.close();
        broken.close();
        context.close();
    }

    private static void assertPassedThrough(Prompt prompt, EnhancedPrompt outcome) {
        assertEquals(Outcome.PASSED_THROUGH, outcome.outcome());
        assertEquals(prompt.text(), outcome.original());
        assertEquals(prompt.text(), outcome.text());
        assertFalse(outcome.wasEnhanced());
        assertFalse(outcome.reason().orElse("").isBlank(), "does not say why");
    }

    @Test
    final void aPromptComesBackWithItsOriginalAndHowItCameAbout() {
        EnhancedPrompt outcome = Await.value(enhancer.enhance(PROMPT));

        assertEquals(PROMPT.text(), outcome.original());
        if (outcome.wasEnhanced()) {
            assertFalse(outcome.text().isBlank());
            assertTrue(outcome.model().isPresent());
            assertEquals(Optional.empty(), outcome.reason());
        } else {
            assertPassedThrough(PROMPT, outcome);
        }
    }

    @Test
    final void aPromptWithoutWordsIsPassedThrough() {
        for (String text : List.of("", " \n\t")) {
            assertPassedThrough(Prompt.of(text), Await.value(enhancer.enhance(Prompt.of(text))));
        }
    }

    @Test
    final void aPromptOfTenMegabytesComesBack() {
        Prompt huge = Prompt.of("x".repeat(10 << 20));

        assertNotNull(Await.value(enhancer.enhance(huge)).text());
        assertPassedThrough(huge, Await.value(broken.enhance(huge)));
    }

    @Test
    final void halfACharacterComesBackAsItIs() {
        Prompt half = Prompt.of("half \uD83D of it");

        assertEquals(half.text(), Await.value(enhancer.enhance(half)).original());
        assertPassedThrough(half, Await.value(broken.enhance(half)));
    }

    @Test
    final void anUnknownClientIsServed() {
        Prompt prompt = PROMPT.from("nobody knows me");

        assertEquals(PROMPT.text(), Await.value(enhancer.enhance(prompt)).original());
    }

    @Test
    final void modelsThatCannotBeAskedGiveTheOriginalBackWithinTheBudget() {
        long start = System.nanoTime();

        assertPassedThrough(PROMPT, Await.value(broken.enhance(PROMPT)));

        long took = System.nanoTime() - start;
        assertTrue(took <= budget().toNanos(), () -> "took " + Duration.ofNanos(took));
    }

    @Test
    final void aPromptWithABudgetOfItsOwnComesBackWithinIt() {
        Prompt hurried = PROMPT.within(Duration.ofMillis(50));
        long start = System.nanoTime();

        assertPassedThrough(hurried, Await.value(broken.enhance(hurried)));

        long took = System.nanoTime() - start;
        assertTrue(took <= Duration.ofSeconds(1).toNanos(), () -> "took " + Duration.ofNanos(took));
    }

    @Test
    final void aListenerThatThrowsChangesNothing() {
        EnhancementListener throwing = new EnhancementListener() {
            @Override
            public void began(String model) {
                throw new IllegalStateException("listener");
            }

            @Override
            public void wrote(String text) {
                throw new IllegalStateException("listener");
            }
        };

        assertEquals(
                PROMPT.text(), Await.value(enhancer.enhance(PROMPT, throwing)).original());
    }

    @Test
    final void stagesKeepTheStageContract() {
        CompletionStage<EnhancedPrompt> stage =
                StageContract.assertThrowsNothing(() -> broken.enhance(Prompt.of("a question")));
        assertThrows(
                UnsupportedOperationException.class,
                () -> stage.toCompletableFuture().complete(null));
        StageContract.assertCompletesOnTheExecutor(stage);
        assertThrows(NullPointerException.class, () -> enhancer.enhance(null));
        assertThrows(NullPointerException.class, () -> enhancer.enhance(PROMPT, null));
    }

    @Test
    final void aCancelledStageIsCancelledAndDisturbsNobody() {
        CompletionStage<EnhancedPrompt> given = broken.enhance(PROMPT);

        given.toCompletableFuture().cancel(true);

        assertTrue(given.toCompletableFuture().isDone());
        assertPassedThrough(PROMPT, Await.value(broken.enhance(PROMPT)));
    }

    @Test
    final void whatItDidIsToldAndForgottenOnReset() {
        Await.value(broken.enhance(PROMPT));
        assertNotNull(broken.stats());
        assertNotNull(broken.rules());
        assertNotNull(broken.breaker());

        broken.reset();

        assertEquals(0, broken.stats().passedThroughTotal());
        assertPassedThrough(PROMPT, Await.value(broken.enhance(PROMPT)));
    }

    @Test
    final void closedItPassesEverythingThroughAndClosesOnce() {
        StageContract.assertClosesOnce(enhancer);

        assertPassedThrough(PROMPT, Await.value(enhancer.enhance(PROMPT)));
    }
}
