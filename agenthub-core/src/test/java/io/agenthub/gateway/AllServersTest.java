package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerState;
import io.agenthub.gateway.McpClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All servers behind one endpoint. */
class AllServersTest {
    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp");

    @AfterEach
    void close() {
        harness.close();
    }

    /** Answers its lists with these, and everything else with its parameters. */
    private static Function<FakeServer.Sent, CompletionStage<RpcOutcome>> having(Map<String, String> lists) {
        return sent -> {
            String list = lists.get(sent.method());
            if (list != null) {
                return Promise.succeeded(new RpcResult(JsonText.of(list)));
            }
            return Promise.succeeded(
                    sent.method().endsWith("/list")
                            ? RpcError.of(-32601, "Method not found", null)
                            : new RpcResult(JsonText.object(Map.of("got", sent.params()))));
        };
    }

    private static String tools(String... names) {
        List<JsonText> tools = new ArrayList<>();
        for (String name : names) {
            tools.add(JsonText.ofValue(Map.of("name", name)));
        }
        return JsonText.object(Map.of("tools", JsonText.array(tools))).toString();
    }

    private List<String> names(JsonText result) {
        return result.member("tools").orElseThrow().elements().stream()
                .map(tool -> tool.member("name").flatMap(JsonText::string).orElseThrow())
                .toList();
    }

    private JsonText list(String params) {
        return client.call("tools/list", params).json().member("result").orElseThrow();
    }

    @Test
    void toolsOfAllServersHaveUniqueNamesInOneOrder() {
        harness.two.answer = having(Map.of("tools/list", tools("b", "a")));
        harness.one.answer = having(Map.of("tools/list", tools("a", "c")));

        assertEquals(List.of("one__a", "one__c", "two__b", "two__a"), names(list("{}")));
        assertEquals(List.of("one__a", "one__c", "two__b", "two__a"), names(list("{}")));
    }

    @Test
    void aCallReachesTheServerWhoseToolItIsUnderTheNameItKnows() {
        harness.two.answer = having(Map.of("tools/list", tools("a")));
        Answer answer = client.call("tools/call", "{\"name\":\"two__a\",\"arguments\":{\"x\":1.10}}");

        assertEquals("{\"name\":\"a\",\"arguments\":{\"x\":1.10}}", answer.at("/result/got"));
        assertTrue(harness.one.sent.stream().noneMatch(sent -> sent.method().equals("tools/call")));
    }

    @Test
    void longOddAndUnclearNamesAreShortenedTheSameWayEachTimeAndStillFound() {
        String odd = "with space";
        String endless = "x".repeat(100);
        FakeServer unclear = harness.hub.add("a__b");
        unclear.answer = having(Map.of("tools/list", tools("c")));
        harness.one.answer = having(Map.of("tools/list", tools(endless, endless + "y", odd)));
        List<String> names = names(list("{}"));

        assertEquals(names, names(list("{}")));
        assertEquals(4, names.stream().distinct().count());
        assertTrue(names.stream().allMatch(name -> name.matches("[A-Za-z0-9_.-]{1,64}")), names.toString());
        assertEquals(64, names.get(1).length());
        assertEquals(
                "\"c\"",
                client.call("tools/call", "{\"name\":\"" + names.get(0) + "\"}").at("/result/got/name"));
        assertEquals(
                "\"" + endless + "y\"",
                client.call("tools/call", "{\"name\":\"" + names.get(2) + "\"}").at("/result/got/name"));
        assertEquals(
                "\"" + odd + "\"",
                client.call("tools/call", "{\"name\":\"" + names.get(3) + "\"}").at("/result/got/name"));
    }

    @Test
    void aShortenedNameIsFoundBeforeAnybodyHasListed() {
        harness.one.answer = having(Map.of("tools/list", tools("with space")));
        String name = names(list("{}")).get(0);
        try (GatewayHarness fresh = GatewayHarness.open()) {
            fresh.one.answer = having(Map.of("tools/list", tools("with space")));
            Answer answer = new StatelessClient(fresh, "/mcp").call("tools/call", "{\"name\":\"" + name + "\"}");

            assertEquals("\"with space\"", answer.at("/result/got/name"));
        }
    }

    @Test
    void aFailingServerIsNamedAndSpoilsNothing() {
        harness.one.fail(new ServerNotReadyException("one", ServerState.FAILED, "broken", Duration.ofSeconds(1)));
        harness.two.answer = having(Map.of("tools/list", tools("a")));
        JsonText result = list("{}");

        assertEquals(List.of("two__a"), names(result));
        assertEquals(
                "\"NOT_READY\"",
                result.at("/_meta/io.agenthub~1unavailable/one").orElseThrow().toString());
    }

    @Test
    void anEntryThatCannotBeReadIsLeftOutAndSpoilsNoOther() {
        harness.one.answer =
                having(Map.of("tools/list", "{\"tools\":[{\"name\":\"a\",\"name\":\"b\"},{\"name\":\"c\"}]}"));
        harness.two.answer = having(Map.of("tools/list", tools("a")));
        JsonText result = list("{}");

        assertEquals(List.of("one__c", "two__a"), names(result));
        assertEquals(
                "\"CHILD_PROTOCOL\"",
                result.at("/_meta/io.agenthub~1unavailable/one").orElseThrow().toString());
    }

    @Test
    void aServerWithoutSuchAListHasAnEmptyOne() {
        harness.one.answer = having(Map.of("tools/list", tools("a")));
        harness.two.answer = having(Map.of());
        JsonText result = list("{}");

        assertEquals(List.of("one__a"), names(result));
        assertTrue(result.at("/_meta/io.agenthub~1unavailable").isEmpty());
    }

    @Test
    void pagesOfServersAreReadAndPagesAreGiven() {
        String[] many = new String[400];
        for (int i = 0; i < many.length; i++) {
            many[i] = "t" + i;
        }
        harness.one.answer = sent -> Promise.succeeded(new RpcResult(
                sent.params() == null
                        ? JsonText.of(tools(many)).with("nextCursor", JsonText.quote("next"))
                        : JsonText.of(tools("last"))));
        harness.two.answer = having(Map.of("tools/list", tools(many)));
        JsonText first = list("{}");
        String cursor = first.member("nextCursor").orElseThrow().toString();
        JsonText second = list("{\"cursor\":" + cursor + "}");

        assertEquals(500, names(first).size());
        assertEquals(301, names(second).size());
        assertTrue(second.member("nextCursor").isEmpty());
        assertEquals("one__last", names(first).get(400));
        assertEquals("-32602", client.call("tools/list", "{\"cursor\":\"x\"}").at("/error/code"));
    }

    @Test
    void resourcesAreReadFromTheirOwner() {
        harness.one.answer = having(Map.of("resources/list", "{\"resources\":[{\"uri\":\"one:a\",\"name\":\"a\"}]}"));
        harness.two.answer = having(Map.of(
                "resources/list",
                "{\"resources\":[{\"uri\":\"two:a\",\"name\":\"a\"}]}",
                "resources/templates/list",
                "{\"resourceTemplates\":[{\"uriTemplate\":\"two:item/{id}/x\",\"name\":\"t\"}]}"));

        assertEquals(
                "\"two:a\"",
                client.call("resources/read", "{\"uri\":\"two:a\"}").at("/result/got/uri"));
        assertEquals(
                "\"two:item/7/x\"",
                client.call("resources/read", "{\"uri\":\"two:item/7/x\"}").at("/result/got/uri"));
        Answer none = client.call("resources/read", "{\"uri\":\"two:item/7/y\"}");
        assertEquals("\"two:item/7/y\"", none.at("/error/data/uri"));
        assertEquals(
                2,
                harness.two.sent.stream()
                        .filter(sent -> sent.method().equals("resources/read"))
                        .count());
    }

    @Test
    void completionsReachTheOwnerOfThePrompt() {
        harness.two.answer = having(Map.of());
        Answer answer = client.call(
                "completion/complete",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"two__p\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}}");

        assertEquals("{\"type\":\"ref/prompt\",\"name\":\"p\"}", answer.at("/result/got/ref"));
    }

    @Test
    void unknownToolsPromptsAndMethodsAreErrors() {
        assertEquals(
                "-32602", client.call("tools/call", "{\"name\":\"three__a\"}").at("/error/code"));
        assertEquals("-32602", client.call("prompts/get", "{\"name\":\"a\"}").at("/error/code"));
        assertEquals(404, client.call("custom/thing", "{}").status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void sessionsWorkTooAndHearOfChangesOfAnyServer() {
        McpClient session = new McpClient(harness, "/mcp");
        assertEquals(200, session.initialize("2025-11-25", "{}").status());
        Answer listening = session.send("GET", null);
        listening.next();
        harness.hub.announce("two", "notifications/tools/list_changed", "{}");

        assertEquals("notifications/tools/list_changed", listening.next().method());
        listening.close();
    }

    @Test
    void aSessionOfAllServersIsNoneOfOne() {
        String id = new McpClient(harness, "/mcp")
                .initialize("2025-11-25", "{}")
                .header("mcp-session-id")
                .orElseThrow();

        assertEquals(
                404,
                new McpClient(harness, "/mcp/one")
                        .with("mcp-session-id", id)
                        .call("1", "ping", "{}")
                        .status());
    }

    @Test
    void aResourceIsLeftAtTheServerThatWasAskedWhenNobodyWatchesItAnyMore() {
        harness.two.answer = having(Map.of("resources/list", "{\"resources\":[{\"uri\":\"r\",\"name\":\"r\"}]}"));
        McpClient first = new McpClient(harness, "/mcp");
        McpClient second = new McpClient(harness, "/mcp");
        for (McpClient watching : List.of(first, second)) {
            watching.initialize("2025-11-25", "{}");
            watching.call("1", "resources/subscribe", "{\"uri\":\"r\"}").body();
        }
        // From now on another server says that the resource is its own.
        harness.one.answer = harness.two.answer;
        harness.two.answer = having(Map.of());
        first.call("2", "resources/unsubscribe", "{\"uri\":\"r\"}").body();
        first.call("3", "resources/unsubscribe", "{\"uri\":\"unknown\"}").body();
        second.send("DELETE", null).body();

        assertEquals(List.of("resources/subscribe", "resources/unsubscribe"), subscriptions(harness.two));
        assertEquals(List.of(), subscriptions(harness.one));
    }

    private static List<String> subscriptions(FakeServer server) {
        return server.sent.stream()
                .map(FakeServer.Sent::method)
                .filter(method -> method.endsWith("subscribe"))
                .toList();
    }
}
