package io.agenthub.everything;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.tck.Await;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that stand for themselves: envelopes, stamps, and questions inside of results. */
class ModernEraTest {
    private static final String ALL = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}";
    private static final String ALICE = "{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}}";
    private static final String OK = "{\"action\":\"accept\",\"content\":{\"ok\":true}}";

    /** One process for all of them: no request knows of another. */
    private static Peer peer;

    @BeforeAll
    static void start() {
        peer = Peer.modern(ALL, "--modern");
    }

    @AfterAll
    static void stop() {
        try (Peer ended = peer) {
            assertEquals(List.of(), ended.questions(), "a modern server sends no requests");
        }
    }

    private static String more(String answers, JsonText result) {
        return "\"inputResponses\":" + answers
                + result.member("requestState")
                        .map(state -> ",\"requestState\":" + state)
                        .orElse("");
    }

    @Test
    void discoversItself() {
        JsonText result = peer.result("server/discover", "{}");
        assertEquals("[\"2026-07-28\"]", Peer.json(result, "/supportedVersions"));
        assertEquals(
                Set.of("tools", "prompts", "resources", "logging", "completions"),
                result.at("/capabilities").orElseThrow().members().keySet());
        assertFalse(result.member("serverInfo").isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server/discover|{}|true",
                "tools/list|{}|true",
                "prompts/list|{}|true",
                "resources/list|{}|true",
                "resources/templates/list|{}|true",
                "resources/read|{\"uri\":\"test://static-text\"}|true",
                "tools/call|{\"name\":\"test_simple_text\"}|false",
                "prompts/get|{\"name\":\"test_simple_prompt\"}|false"
            })
    void stampsEveryResult(String method, String params, boolean cacheable) {
        JsonText result = peer.result(method, params);
        assertEquals("complete", Peer.string(result, "/resultType"));
        assertEquals(
                "agenthub-everything",
                result.member("_meta")
                        .flatMap(meta -> meta.member("io.modelcontextprotocol/serverInfo"))
                        .map(info -> Peer.string(info, "/name"))
                        .orElseThrow());
        assertEquals(cacheable, result.member("ttlMs").isPresent());
        assertEquals(cacheable, result.member("cacheScope").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"_meta\":{}}",
                "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}",
                "{\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":{}}}",
                "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":1}}"
            })
    void refusesAnEnvelopeWithAPartMissing(String params) {
        try (Peer raw = Peer.raw("--modern")) {
            assertEquals(-32602, raw.error("server/discover", params).code());
            assertEquals(-32602, raw.error("tools/list", params).code());
            assertEquals(-32602, raw.error("subscriptions/listen", params).code());
        }
    }

    @Test
    void refusesARevisionItDoesNotSpeakAndNamesItsOwn() {
        try (Peer raw = Peer.raw("--modern")) {
            String meta = Peer.meta("{}").replace("2026-07-28", "v999.0.0");
            RpcError error = raw.error("server/discover", "{\"_meta\":" + meta + "}");
            assertEquals(-32022, error.code());
            assertEquals(
                    "{\"supported\":[\"2026-07-28\"],\"requested\":\"v999.0.0\"}",
                    error.data().orElseThrow().toString());
        }
    }

    @Test
    void tellsALegacyClientWhatItSpeaks() {
        try (Peer raw = Peer.raw("--modern")) {
            RpcError error = raw.error("initialize", Peer.handshake("2025-11-25", "{}"));
            assertEquals(-32022, error.code());
            assertEquals("[\"2026-07-28\"]", Peer.json(error.data().orElseThrow(), "/supported"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"})
    void doesNotKnowWhatTheRevisionRemoved(String method) {
        assertEquals(-32601, peer.error(method, "{}").code());
    }

    @Test
    void asksForANameUnderItsKeyAndGreets() {
        JsonText asked = peer.call("test_input_required_result_elicitation");
        assertEquals("input_required", Peer.string(asked, "/resultType"));
        assertFalse(asked.member("content").isPresent());
        assertEquals("elicitation/create", Peer.string(asked, "/inputRequests/user_name/method"));
        assertEquals(
                "string", Peer.string(asked, "/inputRequests/user_name/params/requestedSchema/properties/name/type"));
        JsonText done =
                peer.call("test_input_required_result_elicitation", more("{\"user_name\":" + ALICE + "}", asked));
        assertEquals("complete", Peer.string(done, "/resultType"));
        assertEquals("Hello, Alice!", Peer.text(done));
    }

    @Test
    void takesAnAnswerBeforeItAskedAndIgnoresOthers() {
        String answers = "\"inputResponses\":{\"user_name\":" + ALICE + ",\"other\":{\"action\":\"accept\"}}";
        assertEquals("Hello, Alice!", Peer.text(peer.call("test_input_required_result_elicitation", answers)));
    }

    @Test
    void asksAgainWhenItsAnswerIsMissing() {
        JsonText again =
                peer.call("test_input_required_result_elicitation", "\"inputResponses\":{\"wrong_key\":" + ALICE + "}");
        assertTrue(again.at("/inputRequests/user_name").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"x\"", "{\"user_name\":12345}", "{\"user_name\":{\"name\":\"Alice\"}}"})
    void refusesAnswersThatAreNone(String answers) {
        RpcError error = peer.error(
                "tools/call",
                "{\"name\":\"test_input_required_result_elicitation\",\"inputResponses\":" + answers + "}");
        assertEquals(-32602, error.code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "test_sampling|sampling/createMessage|{\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}|LLM response: Paris",
                "test_input_required_result_sampling|sampling/createMessage|{\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}|Sampling result: Paris",
                "test_input_required_result_list_roots|roots/list|{\"roots\":[{\"uri\":\"file:///a\"}]}|Found 1 root(s)",
                "test_elicitation|elicitation/create|{\"action\":\"decline\"}|User response: action=decline, content={}",
                "test_missing_capability|sampling/createMessage|{\"content\":{\"type\":\"text\",\"text\":\"x\"}}|Success",
                "test_url_elicitation|elicitation/create|{\"action\":\"accept\"}|Visit: accept",
                "test_url_elicitation_required|elicitation/create|{\"action\":\"cancel\"}|Visit: cancel"
            })
    void asksOneQuestion(String tool, String method, String answer, String text) {
        String arguments = "\"arguments\":{\"prompt\":\"Where?\",\"message\":\"Who?\"}";
        JsonText asked = peer.call(tool, arguments);
        var question = asked.at("/inputRequests")
                .orElseThrow()
                .members()
                .entrySet()
                .iterator()
                .next();
        assertEquals(method, Peer.string(question.getValue(), "/method"));
        assertFalse(question.getValue().at("/params/elicitationId").isPresent());
        String answers = "{\"" + question.getKey() + "\":" + answer + "}";
        assertEquals(text, Peer.text(peer.call(tool, arguments + "," + more(answers, asked))));
    }

    @Test
    void asksThreeThingsAtOnce() {
        String tool = "test_input_required_result_multiple_inputs";
        JsonText asked = peer.call(tool);
        assertEquals(
                Set.of("user_name", "greeting", "client_roots"),
                asked.at("/inputRequests").orElseThrow().members().keySet());
        String two = "\"user_name\":" + ALICE + ",\"greeting\":{\"content\":{\"type\":\"text\",\"text\":\"Hi\"}}";
        JsonText again = peer.call(tool, more("{" + two + "}", asked));
        assertEquals("input_required", Peer.string(again, "/resultType"));
        JsonText done = peer.call(tool, more("{" + two + ",\"client_roots\":{\"roots\":[]}}", again));
        assertEquals("Name: Alice; Greeting: Hi; Roots: 0", Peer.text(done));
    }

    @Test
    void asksTwiceAndChangesItsStateInBetween() {
        String tool = "test_input_required_result_multi_round";
        JsonText first = peer.call(tool);
        JsonText second = peer.call(tool, more("{\"step1\":" + ALICE + "}", first));
        assertTrue(second.at("/inputRequests/step2").isPresent());
        assertNotEquals(first.member("requestState"), second.member("requestState"));
        JsonText repeated = peer.call(tool, more("{}", second));
        assertTrue(repeated.at("/inputRequests/step2").isPresent());
        JsonText done =
                peer.call(tool, more("{\"step2\":{\"action\":\"accept\",\"content\":{\"color\":\"blue\"}}}", repeated));
        assertEquals("Multi-round complete for Alice who likes blue", Peer.text(done));
    }

    @ParameterizedTest
    @CsvSource({
        "test_input_required_result_request_state,state-ok",
        "test_input_required_result_tampered_state,integrity-ok"
    })
    void bringsItsStateBack(String tool, String text) {
        JsonText asked = peer.call(tool);
        assertTrue(Peer.text(peer.call(tool, more("{\"confirm\":" + OK + "}", asked)))
                .startsWith(text));
        JsonText stateless = peer.call(tool, "\"inputResponses\":{\"confirm\":" + OK + "}");
        assertEquals("input_required", Peer.string(stateless, "/resultType"));
    }

    @Test
    void refusesAStateThatWasChangedOrIsOfAnotherRequest() {
        String tool = "test_input_required_result_tampered_state";
        JsonText asked = peer.call(tool);
        String state = Peer.string(asked, "/requestState");
        String answers = ",\"inputResponses\":{\"confirm\":" + OK + "},\"requestState\":";
        for (String wrong : List.of(
                "\"" + state + "-TAMPERED\"",
                "\"x" + state + "\"",
                "\"" + state.substring(0, state.indexOf('.')) + "\"",
                "\"\"",
                "7")) {
            assertEquals(
                    -32602,
                    peer.error("tools/call", "{\"name\":\"" + tool + "\"" + answers + wrong + "}")
                            .code(),
                    wrong);
        }
        String other = "test_input_required_result_request_state";
        assertEquals(
                -32602,
                peer.error("tools/call", "{\"name\":\"" + other + "\"" + answers + "\"" + state + "\"}")
                        .code());
        assertEquals(
                -32602,
                peer.error(
                                "tools/call",
                                "{\"name\":\"" + tool + "\",\"arguments\":{\"a\":1}" + answers + "\"" + state + "\"}")
                        .code());
    }

    @Test
    void knowsAStateOfAnotherProcessByTheirCommonKey() {
        String tool = "test_input_required_result_request_state";
        try (Peer first = Peer.modern(ALL, "--modern", "--key=k");
                Peer second = Peer.modern(ALL, "--modern", "--key=k")) {
            String retry = more("{\"confirm\":" + OK + "}", first.call(tool));
            assertTrue(Peer.text(second.call(tool, retry)).startsWith("state-ok"));
            RpcOutcome strange = peer.outcome(peer.sendCall(tool, retry));
            assertEquals(-32602, ((RpcError) strange).code());
        }
    }

    @Test
    void namesTheCapabilityThatTheClientLacks() {
        try (Peer poor = Peer.modern("{\"elicitation\":{}}", "--modern")) {
            RpcError error = poor.error("tools/call", "{\"name\":\"test_missing_capability\"}");
            assertEquals(-32021, error.code());
            assertEquals(
                    "{\"requiredCapabilities\":{\"sampling\":{}}}",
                    error.data().orElseThrow().toString());
            RpcError url = poor.error("tools/call", "{\"name\":\"test_url_elicitation\"}");
            assertEquals("{\"url\":{}}", Peer.json(url.data().orElseThrow(), "/requiredCapabilities/elicitation"));
            assertEquals("Streaming complete", Peer.text(poor.call("test_streaming_elicitation")));
        }
    }

    @Test
    void asksOnlyWhatThisRequestDeclared() {
        String tool = "test_input_required_result_capabilities";
        assertEquals(
                Set.of("elicit_input", "sample_input"),
                peer.call(tool).at("/inputRequests").orElseThrow().members().keySet());
        try (Peer sampler = Peer.modern("{\"sampling\":{}}", "--modern")) {
            assertEquals(
                    Set.of("sample_input"),
                    sampler.call(tool)
                            .at("/inputRequests")
                            .orElseThrow()
                            .members()
                            .keySet());
        }
    }

    @Test
    void asksForAPrompt() {
        String name = "{\"name\":\"test_input_required_result_prompt\"";
        JsonText asked = peer.result("prompts/get", name + "}");
        assertTrue(asked.at("/inputRequests/user_context").isPresent());
        String answer = "{\"user_context\":{\"action\":\"accept\",\"content\":{\"context\":\"rain\"}}}";
        JsonText done = peer.result("prompts/get", name + "," + more(answer, asked) + "}");
        assertEquals("Prompt with context: rain", Peer.string(done, "/messages/0/content/text"));
    }

    @Test
    void logsOnlyForRequestsThatWantToHearIt() {
        try (Peer own = Peer.modern(ALL, "--modern")) {
            own.call("test_logging_tool");
            own.call("test_tool_with_logging");
            own.call("test_logging_tool", "\"_meta\":{\"io.modelcontextprotocol/logLevel\":\"warning\"}");
            assertEquals(List.of(), own.heard("notifications/message"));
            own.call("test_logging_tool", "\"_meta\":{\"io.modelcontextprotocol/logLevel\":\"info\"}");
            assertEquals("info", Peer.string(own.heard("notifications/message").get(0), "/level"));
            RpcError error = own.error("tools/list", "{\"_meta\":{\"io.modelcontextprotocol/logLevel\":\"loud\"}}");
            assertEquals(-32602, error.code());
        }
    }

    @Test
    void acknowledgesASubscriptionFirstAndTellsItWhatItAskedFor() {
        try (Peer own = Peer.modern(ALL, "--modern")) {
            JsonText tools = own.send(
                    "subscriptions/listen",
                    "{\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":false}}");
            JsonText watch = own.send(
                    "subscriptions/listen",
                    "{\"notifications\":{\"promptsListChanged\":true,\"resourceSubscriptions\":[\"test://watched-resource\"]}}");
            own.call("test_trigger_tool_change");
            own.call("test_trigger_prompt_change");
            own.call("test_trigger_resource_change");
            own.call("test_trigger_resource_update");
            List<JsonText> acknowledged = own.heard("notifications/subscriptions/acknowledged");
            assertEquals("{\"toolsListChanged\":true}", Peer.json(acknowledged.get(0), "/notifications"));
            assertEquals(List.of(tools), ids(own, "notifications/tools/list_changed"));
            assertEquals(List.of(watch), ids(own, "notifications/prompts/list_changed"));
            assertEquals(List.of(), ids(own, "notifications/resources/list_changed"));
            assertEquals(List.of(watch), ids(own, "notifications/resources/updated"));
            assertEquals(
                    "test://watched-resource",
                    Peer.string(own.heard("notifications/resources/updated").get(0), "/uri"));
            assertFalse(own.isAnswered(tools));
        }
    }

    private static List<JsonText> ids(Peer own, String method) {
        return own.heard(method).stream()
                .map(params -> params.member("_meta")
                        .flatMap(meta -> meta.member("io.modelcontextprotocol/subscriptionId"))
                        .orElseThrow())
                .toList();
    }

    @Test
    void endsASubscriptionThatIsCancelled() {
        try (Peer own = Peer.modern(ALL, "--modern")) {
            JsonText listen = own.send("subscriptions/listen", "{\"notifications\":{\"toolsListChanged\":true}}");
            Await.until(
                    "acknowledgement",
                    () -> !own.heard("notifications/subscriptions/acknowledged").isEmpty());
            own.cancel(listen);
            own.call("test_trigger_tool_change");
            assertEquals(List.of(), own.heard("notifications/tools/list_changed"));
            assertFalse(own.isAnswered(listen));
        }
    }
}
