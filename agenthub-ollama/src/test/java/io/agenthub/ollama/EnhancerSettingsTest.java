package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnhancerSettingsTest extends EnhancerTest {
    @TempDir
    Path folder;

    private String refusal(String key, Object value) {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> enhancer(Map.of(key, value)));
        return refusal.getMessage();
    }

    @Test
    void everythingCanBeSet() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("api", "native");
        settings.put("apiKey", "key");
        settings.put("allowRemote", false);
        settings.put("maxConnections", 2);
        settings.put("maxAnswerBytes", "64KiB");
        settings.put("rules", Map.of("default", Map.of("model", MODEL, "system_prompt", "Be kind.")));
        settings.put("timeBudget", "20s");
        settings.put("modelTimeout", "20s");
        settings.put("maxConcurrent", 2);
        settings.put("maxPromptChars", 100);
        settings.put("maxOutputChars", 100);
        settings.put("keepAlive", "5m");
        settings.put("breaker", Map.of("failures", 5, "openFor", "1m"));
        settings.put("semantic", Map.of("model", MODEL, "threshold", 0.9, "acrossClients", true, "maxEntries", 10));

        EnhancedPrompt outcome = Await.value(enhancer(settings).enhance(Prompt.of("hello")));

        assertEquals(Outcome.ENHANCED, outcome.outcome());
        assertEquals(
                "\"Be kind.\"",
                ollama.requests("/api/chat")
                        .get(0)
                        .json()
                        .at("/messages/0/content")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void whatIsWrongIsRefusedWithThePlace() {
        assertTrue(refusal("baseURL", "x").contains("did you mean 'baseUrl'"));
        assertTrue(refusal("baseUrl", "https://127.0.0.1").startsWith("enhancer.baseUrl"));
        assertTrue(refusal("baseUrl", "http://10.0.0.1:11434").contains("allowRemote"));
        assertTrue(refusal("baseUrl", "http://ollama.example").startsWith("enhancer.baseUrl"));
        assertTrue(refusal("api", "grpc").startsWith("enhancer.api"));
        assertTrue(refusal("apiKey", "two words").startsWith("enhancer.apiKey"));
        assertTrue(refusal("timeBudget", "1h").startsWith("enhancer.timeBudget"));
        assertTrue(refusal("modelTimeout", "soon").startsWith("enhancer.modelTimeout"));
        assertTrue(refusal("maxConcurrent", 0).startsWith("enhancer.maxConcurrent"));
        assertTrue(refusal("maxAnswerBytes", "2GiB").startsWith("enhancer.maxAnswerBytes"));
        assertTrue(refusal("breaker", Map.of("failure", 1)).contains("'failures'"));
        assertTrue(refusal("rules", Map.of("default", Map.of("modell", "x"))).contains("'model'"));
        assertTrue(refusal("semantic", Map.of()).startsWith("enhancer.semantic.model"));
    }

    @Test
    void rulesStandInOnePlaceOnly() {
        assertThrows(
                ConfigurationException.class, () -> enhancer(Map.of("rules", Map.of(), "rulesFile", "rules.json")));
    }

    @Test
    void aRulesFileIsReadBeforeTheFirstPromptAndAgainWhenItChanges() throws IOException {
        Path file = folder.resolve("rules.json");
        Files.writeString(file, "{\"default\": {\"enabled\": false}}");
        Enhancer enhancer =
                enhancer(Map.of("rulesFile", file.toString(), "rulesInterval", "100ms", "timeBudget", "20s"));

        assertTrue(Await.value(enhancer.enhance(Prompt.of("hello")))
                .reason()
                .orElseThrow()
                .contains("switched off"));
        Files.writeString(file, "{\"default\": {\"model\": \"" + MODEL + "\"}}");
        Await.until(
                "the change is seen",
                () -> enhancer.rules().defaultRule().orElseThrow().enabled());

        assertEquals(
                Outcome.ENHANCED,
                Await.value(enhancer.enhance(Prompt.of("hello"))).outcome());
    }

    @Test
    void aRulesFileThatCannotBeUsedSendsNothingAnywhere() throws IOException {
        Path file = folder.resolve("rules.json");
        Files.writeString(file, "{\"default\": {\"enabeld\": false}}");
        Enhancer enhancer = enhancer(Map.of("rulesFile", file.toString(), "timeBudget", "20s"));

        EnhancedPrompt outcome = Await.value(enhancer.enhance(Prompt.of("hello")));

        assertTrue(outcome.reason().orElseThrow().contains("enabeld"), outcome.toString());
        assertEquals(List.of(), ollama.requests());
    }

    @Test
    void aShortIntervalIsRefusedWhereAFileIsWatched() {
        assertThrows(
                ConfigurationException.class,
                () -> enhancer(Map.of("rulesFile", "rules.json", "rulesInterval", "1ms")));
        assertThrows(IllegalArgumentException.class, () -> patient().rulesFile(folder, Duration.ofMillis(99)));
    }

    @Test
    void theVersionIsComparedNumberByNumber() {
        assertEquals(
                List.of(true, true, true, false, false, false, false, false),
                List.of("0.17.0", "0.9.12", "0.16.99", "0.17.1", "0.17.10", "1.0.0", "0.0.0-dev", "unknown").stream()
                        .map(VersionCheck::isOlder)
                        .toList());
    }

    @Test
    void withoutSettingsTheBuiltInRuleIsInForce() {
        Enhancer enhancer = enhancer(Map.of());

        assertEquals(Optional.of("llama3.2:3b"), enhancer.rules().defaultRule().map(rule -> rule.model()));
    }
}
