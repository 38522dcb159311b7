package io.agenthub.everything;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.tck.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the server answers in any era, asked of all three servers and of both eras of the dual one. */
class EveryEraTest {
    enum Era {
        LEGACY,
        MODERN,
        DUAL_LEGACY,
        DUAL_MODERN;

        private static final String CAPABILITIES = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";

        Peer open(String... more) {
            List<String> modes = new ArrayList<>(List.of(more));
            modes.add(
                    switch (this) {
                        case LEGACY -> "--legacy";
                        case MODERN -> "--modern";
                        default -> "--dual";
                    });
            String[] all = modes.toArray(String[]::new);
            return isLegacy() ? Peer.legacy(CAPABILITIES, all) : Peer.modern(CAPABILITIES, all);
        }

        boolean isLegacy() {
            return this == LEGACY || this == DUAL_LEGACY;
        }
    }

    private static final Map<Era, Peer> PEERS = new EnumMap<>(Era.class);

    @BeforeAll
    static void start() {
        for (Era era : Era.values()) {
            PEERS.put(era, era.open());
        }
    }

    @AfterAll
    static void stop() {
        PEERS.values().forEach(Peer::close);
        PEERS.clear();
    }

    private static Peer peer(Era era) {
        return PEERS.get(era);
    }

    @ParameterizedTest
    @EnumSource
    void listsEveryToolOfTheSuiteWithDescriptionAndSchema(Era era) {
        List<JsonText> tools =
                peer(era).result("tools/list", "{}").at("/tools").orElseThrow().elements();
        Set<String> names = new HashSet<>();
        for (JsonText tool : tools) {
            names.add(Peer.string(tool, "/name"));
            assertFalse(Peer.string(tool, "/description").isEmpty());
            assertEquals("object", Peer.string(tool, "/inputSchema/type"));
        }
        assertEquals(tools.size(), names.size());
        assertEquals("test_simple_text", Peer.string(tools.get(0), "/name"));
        assertTrue(names.containsAll(Set.of(
                "test_image_content",
                "test_audio_content",
                "test_embedded_resource",
                "test_multiple_content_types",
                "test_tool_with_logging",
                "test_tool_with_progress",
                "test_error_handling",
                "test_sampling",
                "test_elicitation",
                "test_elicitation_sep1034_defaults",
                "test_elicitation_sep1330_enums",
                "json_schema_2020_12_tool",
                "test_reconnection",
                "test_x_mcp_header",
                "test_missing_capability",
                "test_streaming_elicitation",
                "test_logging_tool",
                "test_trigger_tool_change",
                "test_trigger_prompt_change")));
        assertTrue(names.containsAll(Set.of(
                "test_input_required_result_elicitation",
                "test_input_required_result_sampling",
                "test_input_required_result_list_roots",
                "test_input_required_result_request_state",
                "test_input_required_result_multiple_inputs",
                "test_input_required_result_multi_round",
                "test_input_required_result_tampered_state",
                "test_input_required_result_capabilities")));
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheKeywordsOfJsonSchema202012AndTheHeaderAnnotations(Era era) {
        JsonText tools = peer(era).result("tools/list", "{}").at("/tools").orElseThrow();
        JsonText schema = schema(tools, "json_schema_2020_12_tool");
        assertEquals("https://json-schema.org/draft/2020-12/schema", Peer.string(schema, "/$schema"));
        assertEquals("addressDef", Peer.string(schema, "/$defs/address/$anchor"));
        assertEquals("[{\"required\":[\"phone\"]},{\"required\":[\"email\"]}]", Peer.json(schema, "/allOf/0/anyOf"));
        assertEquals("phone", Peer.string(schema, "/if/properties/contactMethod/const"));
        assertEquals("[\"phone\"]", Peer.json(schema, "/then/required"));
        assertEquals("[\"email\"]", Peer.json(schema, "/else/required"));
        assertEquals("false", Peer.json(schema, "/additionalProperties"));
        assertEquals("Region", Peer.string(schema(tools, "test_x_mcp_header"), "/properties/region/x-mcp-header"));
    }

    private static JsonText schema(JsonText tools, String name) {
        return tools.elements().stream()
                .filter(tool -> Peer.string(tool, "/name").equals(name))
                .findFirst()
                .flatMap(tool -> tool.member("inputSchema"))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void answersTexts(Era era) {
        JsonText result = peer(era).call("test_simple_text");
        assertEquals("This is a simple text response for testing.", Peer.text(result));
        assertEquals(1, result.at("/content").orElseThrow().elements().size());
        assertEquals(
                "Called with {\"region\":\"eu\"}",
                Peer.text(peer(era).call("test_x_mcp_header", "\"arguments\":{\"region\":\"eu\"}")));
    }

    @ParameterizedTest
    @EnumSource
    void answersAnImageAndASoundThatArePngAndWav(Era era) {
        JsonText image = peer(era).call("test_image_content").at("/content/0").orElseThrow();
        assertEquals("image", Peer.string(image, "/type"));
        assertEquals("image/png", Peer.string(image, "/mimeType"));
        assertEquals("PNG", ascii(Peer.string(image, "/data"), 1, 4));
        JsonText sound = peer(era).call("test_audio_content").at("/content/0").orElseThrow();
        assertEquals("audio", Peer.string(sound, "/type"));
        assertEquals("audio/wav", Peer.string(sound, "/mimeType"));
        assertEquals("RIFF", ascii(Peer.string(sound, "/data"), 0, 4));
    }

    private static String ascii(String base64, int from, int to) {
        return new String(Base64.getDecoder().decode(base64), from, to - from, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void answersEmbeddedResources(Era era) {
        JsonText block =
                peer(era).call("test_embedded_resource").at("/content/0").orElseThrow();
        assertEquals("resource", Peer.string(block, "/type"));
        assertEquals("test://embedded-resource", Peer.string(block, "/resource/uri"));
        assertEquals("text/plain", Peer.string(block, "/resource/mimeType"));
        assertFalse(Peer.string(block, "/resource/text").isEmpty());
        List<JsonText> mixed = peer(era)
                .call("test_multiple_content_types")
                .at("/content")
                .orElseThrow()
                .elements();
        assertEquals(
                List.of("text", "image", "resource"),
                mixed.stream().map(part -> Peer.string(part, "/type")).toList());
        assertEquals("test://mixed-content-resource", Peer.string(mixed.get(2), "/resource/uri"));
    }

    @ParameterizedTest
    @EnumSource
    void answersAFailingToolWithAnErrorInItsResult(Era era) {
        JsonText result = peer(era).call("test_error_handling");
        assertEquals("true", Peer.json(result, "/isError"));
        assertEquals("This tool intentionally returns an error for testing", Peer.text(result));
    }

    @ParameterizedTest
    @EnumSource
    void reportsProgressThreeTimesBeforeTheResultWithTheCallersToken(Era era) {
        try (Peer peer = era.open()) {
            peer.call("test_tool_with_progress", "\"_meta\":{\"progressToken\":\"progress-test-1\"}");
            List<JsonText> heard = peer.heard("notifications/progress");
            assertEquals(
                    List.of("0", "50", "100"),
                    heard.stream().map(frame -> Peer.json(frame, "/progress")).toList());
            for (JsonText frame : heard) {
                assertEquals("progress-test-1", Peer.string(frame, "/progressToken"));
                assertEquals("100", Peer.json(frame, "/total"));
            }
            peer.call("test_tool_with_progress");
            assertEquals(3, peer.heard("notifications/progress").size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsAndReadsResources(Era era) {
        Peer peer = peer(era);
        List<JsonText> resources = peer.result("resources/list", "{}")
                .at("/resources")
                .orElseThrow()
                .elements();
        for (JsonText resource : resources) {
            assertFalse(Peer.string(resource, "/name").isEmpty());
            String uri = Peer.string(resource, "/uri");
            JsonText contents = peer.result("resources/read", "{\"uri\":\"" + uri + "\"}")
                    .at("/contents/0")
                    .orElseThrow();
            assertEquals(uri, Peer.string(contents, "/uri"));
            assertEquals(Peer.string(resource, "/mimeType"), Peer.string(contents, "/mimeType"));
        }
        assertEquals(
                List.of("test://static-text", "test://static-binary", "test://watched-resource"),
                resources.stream()
                        .map(resource -> Peer.string(resource, "/uri"))
                        .toList());
        JsonText binary = peer.result("resources/read", "{\"uri\":\"test://static-binary\"}");
        assertEquals("PNG", ascii(Peer.string(binary, "/contents/0/blob"), 1, 4));
    }

    @ParameterizedTest
    @EnumSource
    void fillsTheResourceTemplate(Era era) {
        Peer peer = peer(era);
        assertEquals(
                "test://template/{id}/data",
                Peer.string(peer.result("resources/templates/list", "{}"), "/resourceTemplates/0/uriTemplate"));
        JsonText read = peer.result("resources/read", "{\"uri\":\"test://template/123/data\"}");
        assertEquals("application/json", Peer.string(read, "/contents/0/mimeType"));
        assertEquals("123", Peer.string(JsonText.of(Peer.string(read, "/contents/0/text")), "/id"));
    }

    @ParameterizedTest
    @EnumSource
    void namesTheResourceThatItDoesNotHave(Era era) {
        String uri = "test://nonexistent-resource-for-conformance-testing";
        RpcError error = peer(era).error("resources/read", "{\"uri\":\"" + uri + "\"}");
        assertEquals(era.isLegacy() ? -32002 : -32602, error.code());
        assertEquals(uri, Peer.string(error.data().orElseThrow(), "/uri"));
    }

    @ParameterizedTest
    @EnumSource
    void listsAndGetsPrompts(Era era) {
        Peer peer = peer(era);
        List<JsonText> prompts =
                peer.result("prompts/list", "{}").at("/prompts").orElseThrow().elements();
        assertEquals(5, prompts.size());
        for (JsonText prompt : prompts) {
            assertTrue(Peer.string(prompt, "/name").startsWith("test_"));
            assertFalse(Peer.string(prompt, "/description").isEmpty());
        }
        assertEquals(
                "This is a simple prompt for testing.",
                Peer.string(get(peer, "test_simple_prompt", "{}"), "/messages/0/content/text"));
        String text = Peer.string(
                get(peer, "test_prompt_with_arguments", "{\"arg1\":\"hello\",\"arg2\":\"world\"}"),
                "/messages/0/content/text");
        assertTrue(text.contains("hello") && text.contains("world"), text);
        JsonText embedded =
                get(peer, "test_prompt_with_embedded_resource", "{\"resourceUri\":\"test://example-resource\"}");
        assertEquals("test://example-resource", Peer.string(embedded, "/messages/0/content/resource/uri"));
        JsonText image = get(peer, "test_prompt_with_image", "{}");
        assertEquals("image/png", Peer.string(image, "/messages/0/content/mimeType"));
        assertEquals("user", Peer.string(image, "/messages/0/role"));
    }

    private static JsonText get(Peer peer, String name, String arguments) {
        return peer.result("prompts/get", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
    }

    @ParameterizedTest
    @EnumSource
    void completesThePromptsFirstArgumentOnly(Era era) {
        String request = """
                {"ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"%s","value":"par"}}""";
        assertEquals(
                "[\"paris\",\"park\",\"party\"]",
                Peer.json(peer(era).result("completion/complete", request.formatted("arg1")), "/completion/values"));
        assertEquals(
                "[]",
                Peer.json(peer(era).result("completion/complete", request.formatted("arg2")), "/completion/values"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatItDoesNotKnow(Era era) {
        Peer peer = peer(era);
        assertEquals(
                -32602, peer.error("tools/call", "{\"name\":\"no_such_tool\"}").code());
        assertEquals(-32602, peer.error("tools/call", "{}").code());
        assertEquals(
                -32602, peer.error("tools/call", "{\"name\":\"test_sampling\"}").code());
        assertEquals(
                -32602,
                peer.error("prompts/get", "{\"name\":\"no_such_prompt\"}").code());
        assertEquals(
                -32602, peer.error("tools/list", "{\"cursor\":\"nowhere\"}").code());
        assertEquals(-32601, peer.error("unknown/method", "{}").code());
    }

    @ParameterizedTest
    @EnumSource
    void listsPageByPage(Era era) {
        List<JsonText> whole =
                peer(era).result("tools/list", "{}").at("/tools").orElseThrow().elements();
        try (Peer peer = era.open("--page=10")) {
            List<JsonText> pages = new ArrayList<>();
            String cursor = "{}";
            while (!cursor.isEmpty()) {
                JsonText page = peer.result("tools/list", cursor);
                List<JsonText> tools = page.at("/tools").orElseThrow().elements();
                assertTrue(tools.size() <= 10, "size of a page");
                pages.addAll(tools);
                cursor = page.member("nextCursor")
                        .map(next -> "{\"cursor\":" + next + "}")
                        .orElse("");
            }
            assertEquals(whole, pages);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersOthersWhileOneCallWaits(Era era) {
        Peer peer = peer(era);
        JsonText waiting = peer.sendCall("test_cancellation", "");
        assertFalse(peer.call("test_simple_text").member("isError").isPresent());
        peer.result("tools/list", "{}");
        assertFalse(peer.isAnswered(waiting));
        peer.cancel(waiting);
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingMoreAboutACancelledCall(Era era) {
        try (Peer peer = era.open()) {
            JsonText cancelled = peer.sendCall("test_cancellation", "\"_meta\":{\"progressToken\":7}");
            Await.until("progress", () -> !peer.heard("notifications/progress").isEmpty());
            peer.cancel(cancelled);
            // Its token is free again as soon as it is over.
            peer.call("test_streaming_elicitation", "\"_meta\":{\"progressToken\":7}");
            assertEquals(0, peer.exit());
            assertFalse(peer.isAnswered(cancelled));
            assertEquals(2, peer.heard("notifications/progress").size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesTheIdAndTheProgressTokenOfACallInFlight(Era era) {
        try (Peer peer = era.open()) {
            JsonText first = peer.sendCall("test_cancellation", "\"_meta\":{\"progressToken\":7}");
            Await.until("progress", () -> !peer.heard("notifications/progress").isEmpty());
            RpcError token =
                    (RpcError) peer.outcome(peer.sendCall("test_simple_text", "\"_meta\":{\"progressToken\":7}"));
            assertEquals(-32602, token.code());
            peer.write("{\"jsonrpc\":\"2.0\",\"id\":" + first + ",\"method\":\"tools/list\"}");
            assertEquals(-32600, ((RpcError) peer.outcome(first)).code());
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersALineThatIsNoMessageAndGoesOn(Era era) {
        try (Peer peer = era.open()) {
            peer.write("this is no JSON");
            assertEquals(-32700, ((RpcError) peer.outcome(JsonText.NULL)).code());
            peer.result("tools/list", "{}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWithItsInputThoughACallWaits(Era era) {
        try (Peer peer = era.open()) {
            JsonText waiting = peer.sendCall("test_cancellation", "\"_meta\":{\"progressToken\":7}");
            Await.until("progress", () -> !peer.heard("notifications/progress").isEmpty());
            assertEquals(0, peer.exit());
            assertFalse(peer.isAnswered(waiting));
        }
    }
}
