package io.agenthub.everything;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.tck.Await;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions: the handshake, and questions as requests of the server's own. */
class LegacyEraTest {
    private static final String ALL = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}";

    private final Peer peer = Peer.raw("--legacy");

    @AfterEach
    void stop() {
        peer.close();
    }

    /** Shakes hands. */
    private void open(String capabilities) {
        peer.result("initialize", Peer.handshake("2025-11-25", capabilities));
        peer.notify("notifications/initialized", "{}");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05,2024-11-05",
        "2025-03-26,2025-03-26",
        "2025-06-18,2025-06-18",
        "2025-11-25,2025-11-25",
        "2026-07-28,2025-11-25",
        "1999-01-01,2025-11-25"
    })
    void agreesOnARevision(String asked, String answered) {
        JsonText result = peer.result("initialize", Peer.handshake(asked, "{}"));
        assertEquals(answered, Peer.string(result, "/protocolVersion"));
        assertEquals("agenthub-everything", Peer.string(result, "/serverInfo/name"));
        assertEquals(
                Set.of("tools", "prompts", "resources", "logging", "completions"),
                result.at("/capabilities").orElseThrow().members().keySet());
    }

    @Test
    void wantsTheHandshakeFirstAndOnce() {
        assertEquals(-32600, peer.error("tools/list", "{}").code());
        peer.result("ping", "{}");
        peer.result("initialize", Peer.handshake("2025-11-25", "{}"));
        assertEquals(-32600, peer.error("tools/list", "{}").code(), "before notifications/initialized");
        peer.notify("notifications/initialized", "{}");
        peer.result("tools/list", "{}");
        assertEquals(
                -32600,
                peer.error("initialize", Peer.handshake("2025-11-25", "{}")).code());
    }

    @Test
    void doesNotKnowTheModernEra() {
        assertEquals(
                -32601,
                peer.error("server/discover", "{\"_meta\":" + Peer.meta("{}") + "}")
                        .code());
        open("{}");
        assertEquals(
                -32601,
                peer.error("subscriptions/listen", "{\"notifications\":{}}").code());
        JsonText list = peer.result("tools/list", "{}");
        assertEquals(Set.of("tools"), list.members().keySet());
    }

    @Test
    void asksTheClientsModel() {
        open(ALL);
        JsonText call = peer.sendCall("test_sampling", "\"arguments\":{\"prompt\":\"Why?\"}");
        RpcRequest question = peer.question(1);
        assertEquals("sampling/createMessage", question.method());
        assertEquals("Why?", Peer.string(question.params(), "/messages/0/content/text"));
        assertEquals("100", Peer.json(question.params(), "/maxTokens"));
        peer.reply(
                question, "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"So.\"}}");
        assertTrue(Peer.text(peer.outcome(call).orThrow()).contains("So."));
    }

    @Test
    void asksTheUserAndTellsWhatWasAnswered() {
        open(ALL);
        JsonText call = peer.sendCall("test_elicitation", "\"arguments\":{\"message\":\"Who?\"}");
        RpcRequest question = peer.question(1);
        assertEquals("elicitation/create", question.method());
        assertEquals("Who?", Peer.string(question.params(), "/message"));
        assertEquals("string", Peer.string(question.params(), "/requestedSchema/properties/response/type"));
        peer.reply(question, "{\"action\":\"accept\",\"content\":{\"response\":\"me\"}}");
        assertEquals(
                "User response: action=accept, content={\"response\":\"me\"}",
                Peer.text(peer.outcome(call).orThrow()));
    }

    @Test
    void asksByAFormWithDefaults() {
        open(ALL);
        peer.sendCall("test_elicitation_sep1034_defaults", "");
        JsonText fields =
                peer.question(1).params().at("/requestedSchema/properties").orElseThrow();
        assertEquals("\"John Doe\"", Peer.json(fields, "/name/default"));
        assertEquals("30", Peer.json(fields, "/age/default"));
        assertEquals("integer", Peer.string(fields, "/age/type"));
        assertEquals("95.5", Peer.json(fields, "/score/default"));
        assertEquals("number", Peer.string(fields, "/score/type"));
        assertEquals("\"active\"", Peer.json(fields, "/status/default"));
        assertEquals("[\"active\",\"inactive\",\"pending\"]", Peer.json(fields, "/status/enum"));
        assertEquals("true", Peer.json(fields, "/verified/default"));
    }

    @Test
    void asksByAFormWithEveryKindOfChoice() {
        open(ALL);
        peer.sendCall("test_elicitation_sep1330_enums", "");
        JsonText fields =
                peer.question(1).params().at("/requestedSchema/properties").orElseThrow();
        assertEquals(
                3, fields.at("/untitledSingle/enum").orElseThrow().elements().size());
        assertEquals("value1", Peer.string(fields, "/titledSingle/oneOf/0/const"));
        assertEquals("First Option", Peer.string(fields, "/titledSingle/oneOf/0/title"));
        assertEquals("Option One", Peer.string(fields, "/legacyEnum/enumNames/0"));
        assertEquals("option1", Peer.string(fields, "/untitledMulti/items/enum/0"));
        assertEquals("First Choice", Peer.string(fields, "/titledMulti/items/anyOf/0/title"));
    }

    @Test
    void asksForANameAndGreets() {
        open(ALL);
        JsonText call = peer.sendCall("test_input_required_result_elicitation", "");
        peer.reply(peer.question(1), "{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}}");
        assertEquals("Hello, Alice!", Peer.text(peer.outcome(call).orThrow()));
    }

    @Test
    void asksForTheRoots() {
        open(ALL);
        JsonText call = peer.sendCall("test_input_required_result_list_roots", "");
        assertEquals("roots/list", peer.question(1).method());
        peer.reply(peer.question(1), "{\"roots\":[{\"uri\":\"file:///a\"},{\"uri\":\"file:///b\"}]}");
        assertEquals("Found 2 root(s)", Peer.text(peer.outcome(call).orThrow()));
    }

    @Test
    void asksThreeThingsAtOnceUnderDifferentIds() {
        open(ALL);
        JsonText call = peer.sendCall("test_input_required_result_multiple_inputs", "");
        peer.question(3);
        assertEquals(
                Set.of("elicitation/create", "sampling/createMessage", "roots/list"),
                peer.questions().stream().map(RpcRequest::method).collect(Collectors.toSet()));
        assertEquals(3, peer.questions().stream().map(RpcRequest::id).distinct().count());
        // Answers may come in any order.
        for (int i = 3; i >= 1; i--) {
            RpcRequest question = peer.question(i);
            peer.reply(
                    question,
                    switch (question.method()) {
                        case "elicitation/create" -> "{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}}";
                        case "roots/list" -> "{\"roots\":[]}";
                        default -> "{\"content\":{\"type\":\"text\",\"text\":\"Hi\"}}";
                    });
        }
        assertEquals(
                "Name: Alice; Greeting: Hi; Roots: 0",
                Peer.text(peer.outcome(call).orThrow()));
    }

    @Test
    void asksTwiceOneAfterTheOther() {
        open(ALL);
        JsonText call = peer.sendCall("test_input_required_result_multi_round", "");
        peer.reply(peer.question(1), "{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}}");
        peer.reply(peer.question(2), "{\"action\":\"accept\",\"content\":{\"color\":\"blue\"}}");
        assertEquals(
                "Multi-round complete for Alice who likes blue",
                Peer.text(peer.outcome(call).orThrow()));
        assertNotEquals(peer.question(1).id(), peer.question(2).id());
    }

    @ParameterizedTest
    @CsvSource({
        "test_input_required_result_request_state,state-ok",
        "test_input_required_result_tampered_state,integrity-ok"
    })
    void remembersWithoutAnyState(String tool, String text) {
        open(ALL);
        JsonText call = peer.sendCall(tool, "");
        peer.reply(peer.question(1), "{\"action\":\"accept\",\"content\":{\"ok\":true}}");
        assertTrue(Peer.text(peer.outcome(call).orThrow()).startsWith(text));
    }

    @Test
    void asksOnlyWhatTheClientDeclared() {
        open("{\"sampling\":{}}");
        peer.sendCall("test_input_required_result_capabilities", "");
        assertEquals("sampling/createMessage", peer.question(1).method());
        JsonText refused = peer.call("test_input_required_result_elicitation");
        assertEquals("true", Peer.json(refused, "/isError"));
        assertEquals(1, peer.questions().size());
    }

    @Test
    void asksForOneThingWithoutLookingAtTheCapabilities() {
        open("{}");
        JsonText call = peer.sendCall("test_missing_capability", "");
        assertEquals("sampling/createMessage", peer.question(1).method());
        peer.refuse(peer.question(1), "no sampling here");
        JsonText result = peer.outcome(call).orThrow();
        assertEquals("true", Peer.json(result, "/isError"));
        assertTrue(Peer.text(result).contains("no sampling here"));
    }

    @Test
    void withdrawsItsQuestionWhenTheCallIsCancelled() {
        open(ALL);
        JsonText call = peer.sendCall("test_input_required_result_elicitation", "");
        RpcRequest question = peer.question(1);
        peer.cancel(call);
        Await.until("withdrawal", () -> !peer.heard("notifications/cancelled").isEmpty());
        assertEquals(
                question.id(),
                peer.heard("notifications/cancelled").get(0).member("requestId").orElseThrow());
        peer.reply(question, "{\"action\":\"accept\",\"content\":{\"name\":\"Alice\"}}");
        peer.result("ping", "{}");
        assertEquals(0, peer.exit());
        assertFalse(peer.isAnswered(call));
    }

    @Test
    void asksForAPrompt() {
        open(ALL);
        JsonText get = peer.send("prompts/get", "{\"name\":\"test_input_required_result_prompt\"}");
        peer.reply(peer.question(1), "{\"action\":\"accept\",\"content\":{\"context\":\"rain\"}}");
        assertEquals("Prompt with context: rain", Peer.string(peer.outcome(get).orThrow(), "/messages/0/content/text"));
    }

    @Test
    void sendsTheUserToAPage() {
        open(ALL);
        JsonText call = peer.sendCall("test_url_elicitation", "");
        JsonText params = peer.question(1).params();
        assertEquals("url", Peer.string(params, "/mode"));
        assertEquals("sign-in-1", Peer.string(params, "/elicitationId"));
        peer.reply(peer.question(1), "{\"action\":\"accept\"}");
        assertEquals("Visit: accept", Peer.text(peer.outcome(call).orThrow()));
        RpcError required = peer.error("tools/call", "{\"name\":\"test_url_elicitation_required\"}");
        assertEquals(-32042, required.code());
        assertEquals("url", Peer.string(required.data().orElseThrow(), "/elicitations/0/mode"));
        assertEquals("Visit: done", Peer.text(peer.call("test_url_elicitation_required")));
    }

    @Test
    void logsFromTheLevelThatWasSet() {
        open("{}");
        peer.call("test_tool_with_logging");
        List<JsonText> heard = peer.heard("notifications/message");
        assertEquals(3, heard.size(), "without any level set");
        assertEquals("info", Peer.string(heard.get(0), "/level"));
        assertEquals(
                "{}", peer.result("logging/setLevel", "{\"level\":\"warning\"}").toString());
        peer.call("test_tool_with_logging");
        assertEquals(3, peer.heard("notifications/message").size());
        peer.result("logging/setLevel", "{\"level\":\"debug\"}");
        peer.call("test_logging_tool");
        assertEquals(4, peer.heard("notifications/message").size());
        assertEquals(
                -32602, peer.error("logging/setLevel", "{\"level\":\"loud\"}").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "prompt", "resource"})
    void announcesChangesOfItsLists(String list) {
        open("{}");
        peer.call("test_trigger_" + list + "_change");
        assertEquals(1, peer.heard("notifications/" + list + "s/list_changed").size());
    }

    @Test
    void announcesNewContentsToSubscribersOnly() {
        open("{}");
        String uri = "{\"uri\":\"test://watched-resource\"}";
        peer.call("test_trigger_resource_update");
        assertEquals("{}", peer.result("resources/subscribe", uri).toString());
        peer.call("test_trigger_resource_update");
        assertEquals("{}", peer.result("resources/unsubscribe", uri).toString());
        peer.call("test_trigger_resource_update");
        assertEquals(List.of(JsonText.of(uri)), peer.heard("notifications/resources/updated"));
    }
}
