package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeRequest;
import io.agenthub.tck.Await;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Prompts through the real gateway: the answer, the rules, the cache. */
class EnhancementEndToEndTest extends EnhancementHarness {
    @Test
    void theClientsNameChoosesTheRuleAndAnUnknownOneGetsTheDefault() {
        ollama.model("coder", FakeModel.saying("as code"));
        open(Map.of(
                "rules",
                Map.of(
                        "default", Map.of("model", MODEL),
                        "clients", Map.of("vscode", Map.of("model", "coder"), "raycast", Map.of("enabled", false)))));

        JsonText coded = enhance("a cat", "vscode");
        assertEquals("as code", text(coded, "/enhanced"));
        assertEquals("a cat", text(coded, "/original"));
        assertEquals("coder", text(coded, "/model"));
        assertEquals("true", raw(coded, "/was_enhanced"));
        assertEquals("null", raw(coded, "/error"));
        assertEquals("Improved: a cat", text(enhance("a cat", "nobody knows me"), "/enhanced"));
        assertEquals("Improved: a cat", text(enhance("a cat", " "), "/enhanced"));
        assertPassedThrough("a cat", enhance("a cat", "raycast"), "switched off");
    }

    @Test
    void theCacheAnswersTheSameClientTheSecondTimeAndIsShownAndEmptied() {
        open(Map.of());
        assertEquals("false", raw(enhance("a cat", "one"), "/cached"));
        assertEquals("true", raw(enhance("a cat", "one"), "/cached"));
        assertEquals("false", raw(enhance("a cat", "two"), "/cached"));
        assertEquals(2, asked());
        JsonText stats = gateway.get("/ollama/stats");
        assertEquals("2", raw(stats, "/enhanced"));
        assertEquals("1", raw(stats, "/cached"));
        assertEquals("1", raw(stats, "/cache/hits"));
        assertEquals("2", raw(stats, "/cache/entries"));
        assertEquals("\"CLOSED\"", raw(stats, "/breaker/state"));

        JsonText reset =
                JsonText.of(Await.value(gateway.post("/ollama/reset", "")).body());

        assertEquals("0", raw(reset, "/enhanced"));
        assertEquals("0", raw(reset, "/cache/entries"));
        assertEquals("false", raw(enhance("a cat", "one"), "/cached"));
        assertEquals(3, asked());
    }

    @Test
    void aBypassAsksTheModelAgainAndItsAnswerIsTheCachedOneFromThenOn() {
        open(Map.of());
        enhance("a cat", "one");
        ollama.model(MODEL, FakeModel.saying("newer"));
        assertEquals("Improved: a cat", text(enhance("a cat", "one"), "/enhanced"));

        HttpResponse<String> bypassed =
                Await.value(send(request("/ollama/enhance", "{\"prompt\":\"a cat\",\"bypass_cache\":true}")
                        .header("X-Client-Name", "one")));

        assertEquals("newer", text(JsonText.of(bypassed.body()), "/enhanced"));
        assertEquals("newer", text(enhance("a cat", "one"), "/enhanced"));
    }

    @Test
    void aClientIsKnownByTheSameNameWhereverItAsks() {
        String known = "n".repeat(128);
        Map<String, ?> rules = Map.of("clients", Map.of(known, Map.of("enabled", false)));
        open(Map.of("rules", rules), ToolPrompt.always("echo", "/text"));

        assertPassedThrough("a cat", enhance("a cat", known + " of any length"), "switched off");
        String call =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"a cat\"}}}";
        Await.value(send(request("/mcp/fake/tools/call", call).header("X-Client-Name", known + " of any length")));
        assertEquals(0, asked());
    }

    @Test
    void sixtyFourWhoAskTheSameAtOnceCostOneCallOfTheModel() {
        open(Map.of());
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 64)
                .mapToObj(i -> send(request("/ollama/enhance", body("a cat"))))
                .toList();

        all.forEach(one -> assertEquals(
                "Improved: a cat", text(JsonText.of(Await.value(one).body()), "/enhanced")));
        assertEquals(1, asked());
    }

    @Test
    void theModelsAreListed() {
        ollama.model("coder:7b", FakeModel.improving());
        open(Map.of());

        JsonText models = gateway.get("/ollama/models");

        assertEquals("coder:7b", text(models, "/models/0/name"));
        assertEquals(MODEL, text(models, "/models/1/name"));
    }

    @Test
    void onlyTheFixedPathsOfOllamaAreEverAskedFor() {
        open(Map.of(), ToolPrompt.always("echo", "/text"));

        enhance("a cat", "one");
        enhance("/api/delete", "../../api/pull");
        gateway.callTool("fake", "echo", Map.of("text", "a dog"));
        gateway.get("/ollama/models");
        Await.value(gateway.post("/ollama/api/pull", "{}"));
        Await.until(
                "the version is asked", () -> !ollama.requests("/api/version").isEmpty());

        assertEquals(
                Set.of("/api/chat", "/api/tags", "/api/version"),
                ollama.requests().stream().map(FakeRequest::path).collect(Collectors.toSet()));
    }

    @Test
    void theEmbeddedEnhancerAnswersTheSame() {
        open(Map.of());
        enhance("a cat", "one");

        EnhancedPrompt embedded =
                Await.value(gateway.hub.enhancer().enhance(Prompt.of("a cat").from("one")));

        assertEquals(Outcome.CACHED, embedded.outcome());
        assertEquals("Improved: a cat", embedded.text());
    }
}
