package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancedPrompt.Outcome;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.core.AgentHub;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.ollama.fake.FakeFault;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.ollama.fake.FakeRequest;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts through the real gateway, and a double of Ollama behind it. */
@ExtendWith(NeverBlocks.class)
class EnhancementEndToEndTest {
    private static final String MODEL = "llama3.2:3b";

    @TempDir
    Path folder;

    private FakeOllama ollama;
    private RunningGateway gateway;

    @BeforeEach
    void startDouble() throws IOException {
        ollama = FakeOllama.start().model(MODEL, FakeModel.improving());
    }

    @AfterEach
    void stop() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        ollama.close();
    }

    /** A gateway whose enhancer has these settings, and time enough for a loaded machine where they do not say otherwise. */
    private void open(Map<String, ?> settings, ToolPrompt... prompts) {
        open(config(settings), prompts);
    }

    private void open(HubConfig config, ToolPrompt... prompts) {
        ServerSpec.Builder spec = ServerSpec.stdio("fake", FakeMcpServer.command());
        for (ToolPrompt prompt : prompts) {
            spec.enhance(prompt);
        }
        gateway = new RunningGateway(hub -> hub.config(config).server(spec.build()));
    }

    private HubConfig config(Map<String, ?> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("baseUrl", ollama.url());
        all.put("timeBudget", "20s");
        all.put("modelTimeout", "20s");
        all.put("rules", Map.of("default", Map.of("model", MODEL)));
        all.putAll(settings);
        if (all.containsKey("rulesFile")) {
            all.remove("rules");
        }
        return HubConfig.builder()
                .enhancer(new PartChoice("ollama", Settings.of("enhancer", all)))
                .build();
    }

    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(gateway.address.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return gateway.client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static String body(String prompt) {
        return JsonText.object(Map.of("prompt", JsonText.quote(prompt))).toString();
    }

    private JsonText enhance(String prompt, String client) {
        HttpResponse<String> response =
                Await.value(send(request("/ollama/enhance", body(prompt)).header("X-Client-Name", client)));
        assertEquals(200, response.statusCode(), response.body());
        return JsonText.of(response.body());
    }

    private static String text(JsonText json, String pointer) {
        return json.at(pointer).flatMap(JsonText::string).orElse("nothing at " + pointer + " of " + json);
    }

    private static String raw(JsonText json, String pointer) {
        return json.at(pointer).map(JsonText::toString).orElse("nothing at " + pointer + " of " + json);
    }

    private static void assertPassedThrough(String prompt, JsonText answer, String why) {
        assertEquals(prompt, text(answer, "/original"));
        assertEquals(prompt, text(answer, "/enhanced"));
        assertEquals("false", raw(answer, "/was_enhanced"));
        assertEquals("false", raw(answer, "/cached"));
        assertEquals("null", raw(answer, "/model"));
        assertTrue(text(answer, "/error").contains(why), answer.toString());
    }

    private int asked() {
        return ollama.requests("/api/chat").size();
    }

    // The answer, the rules, the cache

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

    // Events

    private static List<String> events(String stream) {
        return List.of(stream.strip().split("\n\n", -1));
    }

    private HttpRequest.Builder streaming(String prompt) {
        return request("/ollama/enhance", body(prompt)).header("Accept", "text/event-stream");
    }

    @Test
    void anImprovementIsStreamedAsItIsWrittenAndEndsWithTheWholeAnswer() {
        ollama.model(MODEL, FakeModel.saying("a ", "better\n", "cat").thinking("Hmm."));
        open(Map.of());

        HttpResponse<String> response = Await.value(send(streaming("a cat")));

        assertEquals(200, response.statusCode());
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("content-type").orElse(""));
        List<String> events = events(response.body());
        assertEquals("event: model\ndata: {\"model\":\"" + MODEL + "\"}", events.get(0));
        assertEquals("event: text\ndata: {\"text\":\"a \"}", events.get(1));
        assertEquals("event: text\ndata: {\"text\":\"better\\n\"}", events.get(2));
        assertEquals("event: text\ndata: {\"text\":\"cat\"}", events.get(3));
        assertTrue(events.get(4).startsWith("event: enhanced\ndata: {\"original\":\"a cat\""), events.get(4));
        assertEquals(5, events.size());
        JsonText last = JsonText.of(events.get(4).substring("event: enhanced\ndata: ".length()));
        assertEquals("a better\ncat", text(last, "/enhanced"));
        assertEquals("true", raw(last, "/was_enhanced"));
    }

    @Test
    void piecesArriveBeforeTheModelIsDone() throws IOException {
        ollama.spoil(request -> request.path().equals("/api/chat"), FakeFault.hangAfter(400));
        ollama.model(MODEL, FakeModel.saying("first ", "second ", "third ", "and so on", " and on", " and on"));
        open(Map.of());

        HttpResponse<InputStream> response =
                Await.value(gateway.client.sendAsync(streaming("a cat").build(), BodyHandlers.ofInputStream()));
        try (InputStream stream = response.body()) {
            byte[] head = stream.readNBytes(70);
            assertTrue(
                    new String(head, StandardCharsets.UTF_8).startsWith("event: model\ndata: "),
                    () -> new String(head, StandardCharsets.UTF_8));
        }
    }

    @Test
    void aCachedOrRefusedImprovementIsOneEvent() {
        open(Map.of());
        enhance("a cat", "");

        List<String> cached = events(Await.value(send(streaming("a cat"))).body());
        List<String> empty = events(Await.value(send(streaming(" "))).body());

        assertTrue(cached.get(0).contains("\"cached\":true"), cached.toString());
        assertEquals(1, cached.size());
        assertTrue(empty.get(0).contains("the prompt is empty"), empty.toString());
        assertEquals(1, empty.size());
    }

    @Test
    void jsonIsAnsweredUnlessEventsAreAskedForByName() {
        open(Map.of());

        HttpResponse<String> anything =
                Await.value(send(request("/ollama/enhance", body("a cat")).header("Accept", "*/*")));
        HttpResponse<String> wrong =
                Await.value(send(request("/ollama/enhance", "{}").header("Accept", "text/event-stream")));

        assertEquals(
                "application/json",
                anything.headers().firstValue("content-type").orElse(""));
        assertEquals(400, wrong.statusCode());
        assertEquals(
                "application/json", wrong.headers().firstValue("content-type").orElse(""));
    }

    @Test
    void aClientThatGoesAwayStopsTheModel() throws IOException {
        ollama.spoil(request -> request.path().equals("/api/chat"), FakeFault.HANG);
        open(Map.of());
        for (String accept : List.of("text/event-stream", "application/json")) {
            int before = asked();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.address.getPort())) {
                String body = body("a cat");
                socket.getOutputStream()
                        .write(("POST /ollama/enhance HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.address.getPort()
                                        + "\r\nAccept: " + accept
                                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                        + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                Await.until("the model is asked", () -> asked() == before + 1);
            }
            Await.until("the model is let go", () -> ollama.openConnections() == 0);
        }
        assertEquals("0", raw(gateway.get("/ollama/stats"), "/inFlight"));
    }

    // Calls of tools

    private String echoed(String arguments, String... headers) {
        HttpRequest.Builder request = request(
                "/mcp/fake/tools/call",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"name\":\"echo\",\"arguments\":" + arguments + "}}");
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = Await.value(send(request));
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    @Test
    void aToolsPromptIsImprovedOnItsWayAndNothingElseChanges() {
        open(Map.of(), ToolPrompt.always("echo", "/text"));

        String answer = echoed("{\"n\":1.00, \"text\" : \"a cat\",\"u\":\"\\u00e9\"}");

        assertTrue(answer.contains("{\"n\":1.00, \"text\" : \"Improved: a cat\",\"u\":\"\\u00e9\"}"), answer);
        assertTrue(echoed("{\"text\":\"a cat\"}", "X-Enhance", "false").contains("\"text\":\"a cat\""));
        assertTrue(echoed("{\"other\":\"a cat\"}").contains("\"other\":\"a cat\""));
        assertEquals(1, asked());
    }

    @Test
    void aCallAsksForItWhereTheConfigurationWantsToBeAsked() {
        open(Map.of(), ToolPrompt.asked("echo", "/text"));

        assertTrue(echoed("{\"text\":\"a cat\"}").contains("\"text\":\"a cat\""));
        assertEquals(0, asked());
        assertTrue(echoed("{\"text\":\"a cat\"}", "X-Enhance", "true").contains("Improved: a cat"));
        assertEquals(
                400,
                Await.value(send(request("/mcp/fake/tools/call", "{}").header("X-Enhance", "maybe")))
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({"/mcp/fake, echo", "/mcp, fake__echo"})
    void theMcpEndpointsImproveAsWell(String path, String tool) {
        Map<String, ?> onlyOfIde =
                Map.of("default", Map.of("enabled", false), "clients", Map.of("ide", Map.of("enabled", true)));
        open(Map.of("rules", onlyOfIde), ToolPrompt.asked("echo", "/text"));
        String accept = "application/json, text/event-stream";
        HttpResponse<String> hello = Await.value(send(request(
                        path,
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"ide\",\"version\":\"1\"}}}")
                .header("Accept", accept)));
        String session = hello.headers().firstValue("mcp-session-id").orElseThrow();
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"," + "\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":{\"text\":\"a cat\"}}}";

        HttpResponse<String> asking = Await.value(
                send(request(path, call).headers("Accept", accept, "Mcp-Session-Id", session, "X-Enhance", "true")));
        HttpResponse<String> silent =
                Await.value(send(request(path, call).headers("Accept", accept, "Mcp-Session-Id", session)));

        assertTrue(asking.body().contains("Improved: a cat"), asking.body());
        assertFalse(silent.body().contains("Improved"), silent.body());
        assertEquals(1, asked());
    }

    @Test
    void originalAndImprovementAreKeptWhenBodiesAre() {
        HubConfig config = config(Map.of()).toBuilder()
                .activity(new PartChoice(
                        "sqlite",
                        Settings.of(
                                "activity",
                                Map.of("file", folder.resolve("activity.db").toString(), "bodies", true))))
                .build();
        open(config, ToolPrompt.always("echo", "/text"));

        echoed("{\"text\":\"a cat\"}", "X-Client-Name", "ide");

        Await.until(
                "the improvement is kept",
                () -> gateway.get("/audit/activity?kind=ENHANCEMENT").toString().contains("a cat"));
        JsonText kept = gateway.get("/audit/activity?kind=ENHANCEMENT");
        assertEquals("\"a cat\"", raw(kept, "/activities/0/request"));
        assertEquals("\"Improved: a cat\"", raw(kept, "/activities/0/response"));
        assertEquals("echo", text(kept, "/activities/0/tool"));
        assertEquals("ide", text(kept, "/activities/0/client"));
    }

    // Never in the way

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

    // Bad input

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
