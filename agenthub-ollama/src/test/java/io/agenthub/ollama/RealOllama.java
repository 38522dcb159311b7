package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The same questions put to a real Ollama, which the build does not need: its name is no test's, so it runs only by this command.
 * {@code OLLAMA_HOST} is {@code http://127.0.0.1:11434} if unset; {@code OLLAMA_MODEL} is its smallest model if unset.
 *
 * <pre>{@code
 * OLLAMA_HOST=http://127.0.0.1:11434 mvn -pl agenthub-api,agenthub-ollama test \
 *     -Dtest=RealOllama -Dsurefire.failIfNoSpecifiedTests=false
 * }</pre>
 */
class RealOllama {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final TckContext context = TckContext.real();
    private final OllamaClient client = builder().build();

    private OllamaClientBuilder builder() {
        return OllamaClient.builder()
                .baseUrl(url())
                .allowRemote(true)
                .context(context)
                .timeout(PATIENCE);
    }

    private static String url() {
        String host = Optional.ofNullable(System.getenv("OLLAMA_HOST"))
                .filter(value -> !value.isBlank())
                .orElse("127.0.0.1:11434");
        return host.contains("://") ? host : "http://" + host;
    }

    private String model() {
        return Optional.ofNullable(System.getenv("OLLAMA_MODEL"))
                .orElseGet(() -> value(client.models()).stream()
                        .min(java.util.Comparator.comparingLong(
                                model -> model.sizeBytes().orElse(Long.MAX_VALUE)))
                        .map(ModelInfo::name)
                        .orElseThrow(() -> new AssertionError(url() + " has no model; pull one")));
    }

    private static <T> T value(CompletionStage<T> stage) {
        Await.Outcome<T> outcome = Await.outcome(PATIENCE, stage);
        if (outcome.failure() != null) {
            throw new AssertionError(outcome.failure().getMessage(), outcome.failure());
        }
        return outcome.value();
    }

    @AfterEach
    void close() {
        client.close();
        context.close();
    }

    @Test
    void itTellsItsVersionAndShowsItsModels() {
        assertTrue(value(client.version()).matches("\\d+\\.\\d+\\.\\d+.*"));
        assertFalse(value(client.show(model())).capabilities().isEmpty());
    }

    @Test
    void itAnswersWholeAndPieceByPieceInBothStyles() {
        ModelRequest request = ModelRequest.builder(model())
                .user("Answer with one word: what colour is grass?")
                .temperature(0)
                .maxTokens(200)
                .think(false)
                .build();
        StringBuilder pieces = new StringBuilder();

        assertFalse(value(client.chat(request)).text().isBlank());
        assertFalse(value(client.generate(request)).text().isBlank());
        Answer streamed = value(client.chat(request, piece -> {
            pieces.append(piece.text());
            return Promise.done();
        }));
        assertEquals(streamed.text(), pieces.toString());
        try (OllamaClient openAi = builder().apiStyle(ApiStyle.OPENAI).build()) {
            assertTrue(value(openAi.chat(request, piece -> Promise.done()))
                    .doneReason()
                    .isPresent());
        }
    }

    @Test
    void itSaysWhenAModelIsMissing() {
        OllamaException failure = Await.failure(
                OllamaException.class,
                client.chat(ModelRequest.builder("no-such-model").user("hi").build()));

        assertTrue(failure.isNotFound(), failure.getMessage());
    }

    @Test
    void itImprovesAPrompt() {
        EnhancementRule rule =
                new EnhancementRule(true, model(), EnhancementRule.DEFAULT.systemPrompt(), 0.3, 2_000, List.of());
        try (OllamaEnhancer enhancer = OllamaEnhancer.builder(builder(), context)
                .rules(new EnhancementRules(Optional.of(rule), Map.of(), "check", Optional.empty()))
                .timeBudget(PATIENCE)
                .modelTimeout(PATIENCE)
                .build()) {
            EnhancedPrompt outcome = value(enhancer.enhance(Prompt.of("write code sort list of name java")));

            assertEquals(Outcome.ENHANCED, outcome.outcome(), outcome.reason().orElse(""));
            assertFalse(outcome.text().contains("<think>"));
        }
    }
}
