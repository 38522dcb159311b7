package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SemanticCacheTest extends EnhancerTest {
    private static final SemanticConfig CONFIG =
            new SemanticConfig(MODEL, 0.85, false, 512, Duration.ofHours(2), Duration.ofSeconds(10));

    private OllamaEnhancer enhancer(SemanticConfig config) {
        return opened(patient().rules(rules(MODEL)).semantic(config).build());
    }

    private static EnhancedPrompt enhance(Enhancer enhancer, Prompt prompt) {
        return Await.value(enhancer.enhance(prompt));
    }

    @Test
    void aPromptOfTheSameMeaningGetsTheSameImprovementWithTheDistance() {
        Enhancer enhancer = enhancer(CONFIG);
        enhance(enhancer, Prompt.of("please write a short poem about the sea"));

        EnhancedPrompt near = enhance(enhancer, Prompt.of("please write about the sea a short poem"));
        EnhancedPrompt nearly = enhance(enhancer, Prompt.of("please write a short poem about the big sea"));

        assertEquals(Outcome.CACHED, near.outcome());
        assertEquals("Improved: please write a short poem about the sea", near.text());
        assertEquals(0, near.distance().orElseThrow(), 1e-6);
        assertEquals(Outcome.CACHED, nearly.outcome());
        assertTrue(
                nearly.distance().orElseThrow() > 0.01 && nearly.distance().orElseThrow() <= 0.15, nearly.toString());
        assertEquals(1, ollama.requests("/api/chat").size());
    }

    @Test
    void aPromptOfAnotherMeaningIsImprovedItself() {
        Enhancer enhancer = enhancer(CONFIG);
        enhance(enhancer, Prompt.of("please write a short poem about the sea"));

        EnhancedPrompt other = enhance(enhancer, Prompt.of("how many legs has a spider"));

        assertEquals(Outcome.ENHANCED, other.outcome());
        assertEquals(OptionalDouble.empty(), other.distance());
    }

    @Test
    void meaningsAreNotSharedBetweenClientsUnlessAllowed() {
        Enhancer apart = enhancer(CONFIG);
        enhance(apart, Prompt.of("one two three four").from("a"));
        assertEquals(
                Outcome.ENHANCED,
                enhance(apart, Prompt.of("four three two one").from("b")).outcome());
        cache.clear();

        Enhancer shared =
                enhancer(new SemanticConfig(MODEL, 0.85, true, 512, Duration.ofHours(2), Duration.ofSeconds(10)));
        enhance(shared, Prompt.of("one two three four").from("a"));
        assertEquals(
                Outcome.CACHED,
                enhance(shared, Prompt.of("four three two one").from("b")).outcome());
    }

    @Test
    void theSamePromptAsksForNoEmbedding() {
        Enhancer enhancer = enhancer(CONFIG);
        enhance(enhancer, Prompt.of("one two three four"));
        enhance(enhancer, Prompt.of("one two three four"));

        assertEquals(1, ollama.requests("/api/embed").size());
    }

    @Test
    void withoutAnEmbeddingInTimeThePromptIsImprovedAllTheSame() {
        ollama.spoil(request -> request.path().equals("/api/embed"), FakeFault.HANG);
        Enhancer enhancer =
                enhancer(new SemanticConfig(MODEL, 0.85, false, 512, Duration.ofHours(2), Duration.ofMillis(50)));

        assertEquals(
                Outcome.ENHANCED,
                enhance(enhancer, Prompt.of("one two three four")).outcome());

        ollama.spoil(request -> request.path().equals("/api/embed"), FakeFault.status(500, "no"));
        assertEquals(
                Outcome.ENHANCED, enhance(enhancer, Prompt.of("five six seven")).outcome());
    }

    @Test
    void resettingForgetsMeaningsToo() {
        Enhancer enhancer = enhancer(CONFIG);
        enhance(enhancer, Prompt.of("one two three four"));

        enhancer.reset();

        assertEquals(
                Outcome.ENHANCED,
                enhance(enhancer, Prompt.of("four three two one")).outcome());
    }

    @Test
    void whatIsUnderWayWhenMeaningsAreForgottenIsNotRemembered() {
        Enhancer enhancer = enhancer(CONFIG);
        CountDownLatch forgotten = new CountDownLatch(1);
        ollama.spoil(request -> request.path().equals("/api/chat"), (answer, socket, stopped) -> {
            forgotten.await();
            socket.getOutputStream().write(answer.wire());
            return true;
        });
        CompletionStage<EnhancedPrompt> underWay = enhancer.enhance(Prompt.of("one two three four"));
        Await.until("the model is asked", () -> ollama.requests("/api/chat").size() == 1);
        enhancer.reset();
        forgotten.countDown();
        assertEquals(Outcome.ENHANCED, Await.value(underWay).outcome());
        ollama.heal();

        assertEquals(
                Outcome.ENHANCED,
                enhance(enhancer, Prompt.of("four three two one")).outcome());
    }

    @Test
    void theIndexHoldsSoManyEntriesForSoLongAndComparesWithinOneScope() {
        SemanticIndex index = new SemanticIndex(2, Duration.ofSeconds(10));
        String scope = "a";
        float[] east = SemanticIndex.direction(new float[] {5, 0}).orElseThrow();
        float[] north = SemanticIndex.direction(new float[] {0, 2}).orElseThrow();
        long second = 1_000_000_000L;

        index.add(0, scope, east, Enhancement.made("east", "m"), 0);
        assertEquals(
                "east", index.nearest(scope, east, 0.85, second).orElseThrow().text());
        assertEquals(Optional.empty(), index.nearest(scope, north, 0.85, second));
        assertEquals(Optional.empty(), index.nearest("b", east, 0.85, second));
        assertEquals(Optional.empty(), index.nearest(scope, new float[] {1}, 0.85, second));

        index.add(0, scope, north, Enhancement.made("north", "m"), 5 * second);
        index.add(0, scope, north, Enhancement.made("newer", "m"), 6 * second);
        assertEquals(Optional.empty(), index.nearest(scope, east, 0.85, 6 * second), "the oldest made room");
        assertEquals(
                "newer",
                index.nearest(scope, north, 0.85, 16 * second).orElseThrow().text());
        assertEquals(Optional.empty(), index.nearest(scope, north, 0.85, 17 * second));
    }

    @Test
    void aVectorWithoutADirectionIsNotUsed() {
        assertEquals(Optional.empty(), SemanticIndex.direction(new float[0]));
        assertEquals(Optional.empty(), SemanticIndex.direction(new float[] {0, 0}));
        assertEquals(Optional.empty(), SemanticIndex.direction(new float[] {Float.NaN}));
        assertEquals(Optional.empty(), SemanticIndex.direction(new float[8_193]));
    }

    @Test
    void boundsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> SemanticConfig.of(" "));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SemanticConfig("m", 0.4, false, 1, Duration.ofHours(1), Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SemanticConfig("m", 0.9, false, 0, Duration.ofHours(1), Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SemanticConfig("m", 0.9, false, 1, Duration.ZERO, Duration.ofSeconds(1)));
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> enhancer(Map.of("semantic", Map.of("model", "m", "maxAge", "0s"))));
        assertTrue(refusal.getMessage().contains("semantic.maxAge"), refusal.getMessage());
    }
}
