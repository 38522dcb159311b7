package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.core.AgentHub;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with Ollama or with a prompt, nothing else is: through the real gateway. */
class EnhancementFaultsTest extends EnhancementHarness {
    /** Breaks the double in one of the ways that Ollama breaks. */
    private void spoil(String how) throws IOException {
        switch (how) {
            case "down" -> ollama.close();
            case "hung" -> ollama.spoil(FakeFault.HANG);
            case "dripping" -> ollama.spoil(FakeFault.drip(20));
            case "endless" -> ollama.spoil(FakeFault.huge("application/x-ndjson"));
            case "garbage" -> ollama.spoil(FakeFault.raw("SSH-2.0-OpenSSH_9.7\r\n"));
            default -> throw new IllegalArgumentException(how);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "hung", "dripping", "endless", "garbage"})
    void whateverIsWrongWithOllamaTheOriginalComesBackWithinTheBudget(String how) throws IOException {
        open(Map.of("timeBudget", "500ms", "breaker", Map.of("failures", 0)), ToolPrompt.always("echo", "/text"));
        spoil(how);
        long start = System.nanoTime();

        JsonText plain = enhance("a cat", "one");
        String called = echoed("{\"text\":\"a dog\"}", "X-Timeout-Ms", "20000");
        List<String> streamed = events(Await.value(send(streaming("a bird"))).body());

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertPassedThrough("a cat", plain, "");
        assertTrue(called.contains("\"text\":\"a dog\""), called);
        String last = streamed.get(streamed.size() - 1);
        assertTrue(last.contains("\"enhanced\":\"a bird\""), last);
        assertTrue(last.contains("\"was_enhanced\":false"), last);
        assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, () -> "took " + took);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hung", "dripping"})
    void callsWithoutEnhancementGoOnWhileOthersWaitForOllama(String how) throws IOException {
        open(Map.of("maxConcurrent", 64, "maxConnections", 64), ToolPrompt.asked("echo", "/text"));
        spoil(how);
        echoed("{\"text\":\"up\"}");
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            waiting.add(send(request("/ollama/enhance", body("prompt " + i))));
        }
        Await.until("all of them wait", () -> asked() == 30);

        for (int i = 0; i < 200; i++) {
            assertTrue(echoed("{\"text\":\"a cat\"}").contains("a cat"));
        }

        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone), "those that wait wait still");
        waiting.forEach(one -> one.cancel(true));
    }

    @Test
    void aServerThatIsGoneCostsNothingOnceTheBreakerIsOpen() throws IOException {
        open(Map.of("breaker", Map.of("failures", 2, "openFor", "10m")));
        ollama.close();

        enhance("one", "x");
        enhance("two", "x");
        assertPassedThrough("three", enhance("three", "x"), "ollama");

        assertEquals("\"OPEN\"", raw(gateway.get("/ollama/stats"), "/breaker/state"));
        JsonText reset =
                JsonText.of(Await.value(gateway.post("/ollama/reset", "")).body());
        assertEquals("\"CLOSED\"", raw(reset, "/breaker/state"));
        assertEquals(
                502,
                Await.value(send(HttpRequest.newBuilder(gateway.address.resolve("/ollama/models"))))
                        .statusCode());
    }

    @Test
    void anEmptyPromptAndAPromptTooLongPassThrough() {
        open(Map.of("maxPromptChars", 1_000));

        assertPassedThrough("", enhance("", "x"), "the prompt is empty");
        assertPassedThrough(" \n", enhance(" \n", "x"), "the prompt is empty");
        String longer = "x".repeat(1_001);
        assertPassedThrough(longer, enhance(longer, "x"), "maxPromptChars");
        assertEquals(0, asked());
    }

    @Test
    void aPromptOfTenMegabytesIsRefusedAtTheDoorOrPassedThroughBehindAWiderOne() {
        String huge = "x".repeat(10 << 20);
        open(Map.of());
        assertEquals(
                413, Await.value(send(request("/ollama/enhance", body(huge)))).statusCode());
        gateway.close();

        gateway = new RunningGateway(
                hub -> hub.config(config(Map.of())),
                GatewayConfig.builder().port(0).maxBodyBytes(16 << 20).build());

        assertPassedThrough(huge, enhance(huge, "x"), "maxPromptChars");
        assertEquals(0, asked());
    }

    @Test
    void whatIsNoPromptIsRefused() {
        open(Map.of());
        for (String body : List.of(
                "",
                "{}",
                "[]",
                "\"a cat\"",
                "{\"prompt\":7}",
                "{\"prompt\":null}",
                "{\"prompt\":\"a cat\",\"bypass_cache\":\"yes\"}",
                "{\"prompt\":\"a cat\",\"bypas_cache\":true}",
                "{\"prompt\":\"a cat\",\"prompt\":\"a dog\"}",
                "{\"prompt\":\"a cat\"")) {
            HttpResponse<String> answer = Await.value(send(request("/ollama/enhance", body)));
            assertEquals(400, answer.statusCode(), body + " " + answer.body());
            JsonText.of(answer.body());
        }
        byte[] invalid = "{\"prompt\":\"a c\u00e9t\"}".getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> notUtf8 =
                Await.value(send(request("/ollama/enhance", "").POST(BodyPublishers.ofByteArray(invalid))));
        assertEquals(400, notUtf8.statusCode(), notUtf8.body());
        HttpResponse<String> half = Await.value(send(request("/ollama/enhance", "{\"prompt\":\"half \\ud83d\"}")));
        assertPassedThrough("half \ud83d", JsonText.of(half.body()), "half a character");
        assertEquals(0, asked());
    }

    @Test
    void anUnknownModelIsNamedAndTheNextOfTheChainIsAsked() {
        open(Map.of("rules", Map.of("default", Map.of("model", "no-such-model"))));
        assertPassedThrough("a cat", enhance("a cat", "x"), "no-such-model");
        gateway.close();

        open(Map.of("rules", Map.of("default", Map.of("model", "no-such-model"), "fallback_chain", List.of(MODEL))));
        assertEquals("Improved: a cat", text(enhance("a cat", "x"), "/enhanced"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"default\":{\"modell\":\"m\"}}",
                "{\"default\":{\"model\":7}}",
                "{\"default\":{\"enabled\":\"yes\"}}",
                "{\"default\":[]}",
                "[]",
                "{\"default\":"
            })
    void aRulesFileThatIsBrokenFromTheStartSendsNothingAndSaysWhy(String rules) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.json"), rules);
        open(Map.of("rulesFile", file.toString()));

        assertPassedThrough("a cat", enhance("a cat", "x"), "there are no rules");

        assertEquals(0, asked());
        String problem = text(gateway.get("/ollama/stats"), "/rules/problem");
        assertFalse(problem.startsWith("nothing at"), problem);
        assertFalse(problem.contains(folder.toString()), problem);
    }

    @Test
    void aRulesFileThatBreaksLaterLeavesTheOldRulesInForceAndSaysWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("rules.json"), "{\"default\":{\"model\":\"" + MODEL + "\"}}");
        open(Map.of("rulesFile", file.toString(), "rulesInterval", "100ms"));
        assertEquals("Improved: a cat", text(enhance("a cat", "x"), "/enhanced"));

        Files.writeString(file, "{\"default\":{\"modell\":\"other\"}}");

        Await.until(
                "the problem is told",
                () -> text(gateway.get("/ollama/stats"), "/rules/problem").contains("modell"));
        assertEquals("Improved: a dog", text(enhance("a dog", "x"), "/enhanced"));
    }

    @Test
    void anOllamaElsewhereNeedsPermission() {
        Map<String, ?> elsewhere = Map.of("baseUrl", "http://192.0.2.1:11434");

        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> AgentHub.builder().config(config(elsewhere)).build());

        assertTrue(refused.getMessage().contains("allowRemote"), refused.getMessage());
        AgentHub.builder()
                .config(config(Map.of("baseUrl", "http://192.0.2.1:11434", "allowRemote", true)))
                .build()
                .close();
    }
}
