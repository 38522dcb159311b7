package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.ollama.fake.FakeModel;
import io.agenthub.ollama.fake.FakeOllama;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real gateway, and a double of Ollama behind it. */
@ExtendWith(NeverBlocks.class)
abstract class EnhancementHarness {
    static final String MODEL = "llama3.2:3b";

    @TempDir
    Path folder;

    FakeOllama ollama;
    RunningGateway gateway;

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
    void open(Map<String, ?> settings, ToolPrompt... prompts) {
        open(config(settings), prompts);
    }

    void open(HubConfig config, ToolPrompt... prompts) {
        ServerSpec.Builder spec = ServerSpec.stdio("fake", FakeMcpServer.command());
        for (ToolPrompt prompt : prompts) {
            spec.enhance(prompt);
        }
        gateway = new RunningGateway(hub -> hub.config(config).server(spec.build()));
    }

    HubConfig config(Map<String, ?> settings) {
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

    HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(gateway.address.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body));
    }

    CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return gateway.client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    static String body(String prompt) {
        return JsonText.object(Map.of("prompt", JsonText.quote(prompt))).toString();
    }

    JsonText enhance(String prompt, String client) {
        HttpResponse<String> response =
                Await.value(send(request("/ollama/enhance", body(prompt)).header("X-Client-Name", client)));
        assertEquals(200, response.statusCode(), response.body());
        return JsonText.of(response.body());
    }

    static String text(JsonText json, String pointer) {
        return json.at(pointer).flatMap(JsonText::string).orElse("nothing at " + pointer + " of " + json);
    }

    static String raw(JsonText json, String pointer) {
        return json.at(pointer).map(JsonText::toString).orElse("nothing at " + pointer + " of " + json);
    }

    static void assertPassedThrough(String prompt, JsonText answer, String why) {
        assertEquals(prompt, text(answer, "/original"));
        assertEquals(prompt, text(answer, "/enhanced"));
        assertEquals("false", raw(answer, "/was_enhanced"));
        assertEquals("false", raw(answer, "/cached"));
        assertEquals("null", raw(answer, "/model"));
        assertTrue(text(answer, "/error").contains(why), answer.toString());
    }

    int asked() {
        return ollama.requests("/api/chat").size();
    }

    static List<String> events(String stream) {
        return List.of(stream.strip().split("\n\n", -1));
    }

    HttpRequest.Builder streaming(String prompt) {
        return request("/ollama/enhance", body(prompt)).header("Accept", "text/event-stream");
    }

    String echoed(String arguments, String... headers) {
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
}
