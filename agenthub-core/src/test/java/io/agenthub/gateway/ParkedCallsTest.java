package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of servers with sessions to stateless clients. */
class ParkedCallsTest {
    private static final String ACCEPT = "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";

    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp/one");
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger put = new AtomicInteger();

    @AfterEach
    void close() {
        harness.close();
    }

    private static RpcRequest question(String method, String message) {
        return new RpcRequest(JsonText.of("7"), method, JsonText.of("{\"message\":\"" + message + "\"}"));
    }

    /** The server asks these, all at once or one after the other, and answers with what it heard. */
    private void asks(boolean atOnce, String... questions) {
        harness.one.answer = sent -> {
            if (sent.method().equals("tools/list")) {
                return Promise.succeeded(new RpcResult(JsonText.of("{\"tools\":[]}")));
            }
            calls.incrementAndGet();
            Promise<RpcOutcome> result = new Promise<>(Runnable::run) {
                @Override
                protected void onCancel() {
                    cancelled.incrementAndGet();
                }
            };
            CallListener listener = sent.options().listener().orElseThrow();
            List<JsonText> heard = java.util.Collections.synchronizedList(new ArrayList<>());
            if (atOnce) {
                for (String asked : questions) {
                    hear(listener.asked(question(asked, "m")), heard, questions.length, result);
                    put.incrementAndGet();
                }
            } else {
                next(listener, questions, heard, result);
            }
            return result;
        };
    }

    private static void next(
            CallListener listener, String[] questions, List<JsonText> heard, Promise<RpcOutcome> result) {
        listener.asked(question(questions[heard.size()], "m" + heard.size())).whenComplete((outcome, failure) -> {
            note(outcome, heard);
            if (heard.size() == questions.length) {
                result.succeed(new RpcResult(JsonText.ofValue(java.util.Map.of("heard", heard))));
            } else {
                next(listener, questions, heard, result);
            }
        });
    }

    private static void hear(
            CompletionStage<RpcOutcome> answer, List<JsonText> heard, int expected, Promise<RpcOutcome> result) {
        answer.whenComplete((outcome, failure) -> {
            note(outcome, heard);
            if (heard.size() == expected) {
                result.succeed(new RpcResult(JsonText.ofValue(java.util.Map.of("heard", heard))));
            }
        });
    }

    private static void note(RpcOutcome outcome, List<JsonText> heard) {
        heard.add(
                outcome instanceof RpcResult answered
                        ? answered.value()
                        : outcome instanceof RpcError error ? error.json() : JsonText.quote("given up"));
    }

    private static String again(String state, String responses) {
        return "{\"name\":\"x\",\"requestState\":" + state + ",\"inputResponses\":" + responses + "}";
    }

    private JsonText ask() {
        JsonText result = client.call("tools/call", "{\"name\":\"x\"}")
                .json()
                .member("result")
                .orElseThrow();
        assertEquals(
                "\"input_required\"", result.member("resultType").orElseThrow().toString());
        return result;
    }

    private String state(JsonText result) {
        return result.member("requestState").orElseThrow().toString();
    }

    @Test
    void aQuestionIsARequiredInputAndTheRepeatedRequestAnswersIt() {
        asks(true, "elicitation/create");
        JsonText asked = ask();
        assertEquals(
                "{\"ask-1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\"}}}",
                asked.member("inputRequests").orElseThrow().toString());
        JsonText result = client.call("tools/call", again(state(asked), "{\"ask-1\":" + ACCEPT + "}"))
                .json()
                .member("result")
                .orElseThrow();

        assertEquals("[" + ACCEPT + "]", result.member("heard").orElseThrow().toString());
        assertEquals("\"complete\"", result.member("resultType").orElseThrow().toString());
        assertEquals(1, calls.get());
    }

    @Test
    void questionsThatAreAskedTogetherAreOneRound() {
        ManualScheduler time = new ManualScheduler();
        try (GatewayHarness still = GatewayHarness.open(builder -> builder, time)) {
            asks(true, "elicitation/create", "sampling/createMessage", "roots/list");
            still.one.answer = harness.one.answer;
            StatelessClient patient = new StatelessClient(still, "/mcp/one");
            CompletableFuture<JsonText> asked = CompletableFuture.supplyAsync(
                    () -> patient.call("tools/call", "{\"name\":\"x\"}").json());
            Await.until("all three are asked", () -> put.get() == 3);
            assertFalse(asked.isDone());
            time.advance(Duration.ofMillis(20));
            JsonText round = Await.value(asked).member("result").orElseThrow();
            assertEquals(
                    3, round.member("inputRequests").orElseThrow().members().size());
            Answer answer = patient.call(
                    "tools/call", again(state(round), "{\"ask-1\":{},\"ask-2\":{\"b\":1},\"ask-3\":{\"roots\":[]}}"));

            assertEquals("[{},{\"b\":1},{\"roots\":[]}]", answer.at("/result/heard"));
        }
    }

    @Test
    void questionsThatAreAskedInTurnAreRoundsWithStatesOfTheirOwn() {
        asks(false, "elicitation/create", "elicitation/create");
        JsonText first = ask();
        JsonText second = client.call("tools/call", again(state(first), "{\"ask-1\":{\"n\":1}}"))
                .json()
                .member("result")
                .orElseThrow();
        assertNotEquals(state(first), state(second));
        Answer last = client.call("tools/call", again(state(second), "{\"ask-2\":{\"n\":2}}"));

        assertEquals("[{\"n\":1},{\"n\":2}]", last.at("/result/heard"));
    }

    @Test
    void whatIsMissingIsAskedAgainAndWhatIsTooMuchIsIgnored() {
        asks(true, "elicitation/create");
        JsonText asked = client.call("tools/call", again(state(ask()), "{\"other\":{}}"))
                .json()
                .member("result")
                .orElseThrow();
        assertEquals(
                "\"input_required\"", asked.member("resultType").orElseThrow().toString());

        assertEquals(
                "[{}]",
                client.call("tools/call", again(state(asked), "{\"ask-1\":{},\"other\":7}"))
                        .at("/result/heard"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "{\"ask-1\":null}", "{\"ask-1\":\"Ann\"}"})
    void anAnswerThatIsNoObjectIsAnErrorAndTheStateStaysGood(String responses) {
        asks(true, "elicitation/create");
        String state = state(ask());

        assertEquals(
                "-32602", client.call("tools/call", again(state, responses)).at("/error/code"));
        assertEquals(
                "[{}]",
                client.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/result/heard"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"nonsense\"",
                "\"\"",
                "7",
                "null",
                "\"agenthub.1.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
            })
    void aStateThatWasNotSealedHereIsRefused(String state) {
        asks(true, "elicitation/create");
        Answer answer = client.call("tools/call", again(state, "{}"));

        assertEquals(200, answer.status());
        assertEquals("-32602", answer.at("/error/code"));
        assertEquals(0, calls.get());
    }

    @Test
    void aStateThatWasChangedIsRefused() {
        asks(true, "elicitation/create");
        String state = state(ask());
        String sealed = state.substring(1, state.length() - 1);
        for (String changed : List.of(
                sealed + "-TAMPERED",
                sealed.substring(0, sealed.length() - 1),
                sealed.replace("agenthub.1.1", "agenthub.1.2"),
                sealed.substring(0, 20) + (sealed.charAt(20) == 'A' ? 'B' : 'A') + sealed.substring(21))) {
            Answer answer = client.call("tools/call", again("\"" + changed + "\"", "{\"ask-1\":{}}"));
            assertEquals("-32602", answer.at("/error/code"), changed);
        }

        assertEquals(1, calls.get());
        assertEquals(
                "[{}]",
                client.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/result/heard"));
    }

    @Test
    void aStateThatWasUsedIsRefused() {
        asks(true, "elicitation/create");
        String state = state(ask());
        client.call("tools/call", again(state, "{\"ask-1\":{}}")).body();

        assertEquals(
                "-32602",
                client.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/error/code"));
        assertEquals(1, calls.get());
    }

    @Test
    void aStateOfAnotherRequestServerOrPrincipalIsRefused() {
        asks(true, "elicitation/create");
        harness.two.answer = harness.one.answer;
        String state = state(ask());
        String good = again(state, "{\"ask-1\":{}}");

        assertEquals(
                "-32602",
                client.call("tools/call", good.replace("\"x\"", "\"y\"")).at("/error/code"));
        assertEquals(
                "-32602",
                client.call("tools/call", good.replace("{\"name\"", "{\"arguments\":{\"a\":1},\"name\""))
                        .at("/error/code"));
        assertEquals("-32602", client.call("prompts/get", good).at("/error/code"));
        assertEquals(
                "-32602",
                new StatelessClient(harness, "/mcp/two")
                        .call("tools/call", good)
                        .at("/error/code"));
        assertEquals(
                "-32602",
                new StatelessClient(harness, "/mcp/one")
                        .header("authorization", "Bearer other")
                        .call("tools/call", good)
                        .at("/error/code"));
        assertEquals(1, calls.get());
        assertEquals("[{}]", client.call("tools/call", good).at("/result/heard"));
    }

    @Test
    void aStateOfAnEarlierRoundIsRefusedAndThatOfThePresentOneStaysGood() {
        asks(false, "elicitation/create", "elicitation/create");
        String first = state(ask());
        String second = state(client.call("tools/call", again(first, "{\"ask-1\":{\"n\":1}}"))
                .json()
                .member("result")
                .orElseThrow());

        assertEquals(
                "-32602",
                client.call("tools/call", again(first, "{\"ask-2\":{\"n\":0}}")).at("/error/code"));
        assertEquals(
                "[{\"n\":1},{\"n\":2}]",
                client.call("tools/call", again(second, "{\"ask-2\":{\"n\":2}}"))
                        .at("/result/heard"));
        assertEquals(1, calls.get());
    }

    @Test
    void aStateThatIsFiveMinutesOldIsRefusedAndItsCallIsWithdrawn() {
        ManualScheduler time = new ManualScheduler();
        try (GatewayHarness late = GatewayHarness.open(builder -> builder, time)) {
            asks(true, "elicitation/create");
            late.one.answer = harness.one.answer;
            StatelessClient slow = new StatelessClient(late, "/mcp/one");
            CompletableFuture<JsonText> asked = CompletableFuture.supplyAsync(
                    () -> slow.call("tools/call", "{\"name\":\"x\"}").json());
            Await.until("the question is put", () -> {
                time.advance(Duration.ofMillis(20));
                return asked.isDone();
            });
            String state = asked.join().at("/result/requestState").orElseThrow().toString();
            time.advance(Duration.ofMinutes(5).plusSeconds(2));

            assertEquals(1, cancelled.get());
            assertEquals(
                    "-32602",
                    slow.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/error/code"));
            assertEquals(1, calls.get());
        }
    }

    @Test
    void aStateOfAnotherGatewayOrEndpointIsRefused() {
        asks(true, "elicitation/create");
        String state = state(ask());
        String good = again(state, "{\"ask-1\":{}}");
        try (GatewayHarness other = GatewayHarness.open()) {
            other.one.answer = harness.one.answer;
            StatelessClient there = new StatelessClient(other, "/mcp/one");
            there.call("tools/call", "{\"name\":\"x\"}").body();
            assertEquals("-32602", there.call("tools/call", good).at("/error/code"));
        }

        assertEquals(
                "-32602",
                new StatelessClient(harness, "/mcp")
                        .call("tools/call", good.replace("\"x\"", "\"one__x\""))
                        .at("/error/code"));
        assertEquals("[{}]", client.call("tools/call", good).at("/result/heard"));
    }

    @Test
    void theOrderOfMembersDoesNotMatterToAState() {
        asks(true, "elicitation/create");
        JsonText asked = client.call("tools/call", "{\"name\":\"x\",\"arguments\":{\"a\":1,\"b\":[2]}}")
                .json();
        String state = asked.at("/result/requestState").orElseThrow().toString();
        Answer answer = client.call(
                "tools/call",
                "{\"inputResponses\":{\"ask-1\":{}},\"arguments\":{\"b\":[2], \"a\":1},\"requestState\":" + state
                        + ",\"name\":\"x\"}");

        assertEquals("[{}]", answer.at("/result/heard"));
    }

    @Test
    void aClientThatCannotBeAskedIsToldWhatItLacks() {
        asks(true, "sampling/createMessage");
        Answer answer = client.capabilities("{\"elicitation\":{}}").call("tools/call", "{\"name\":\"x\"}");

        assertEquals(400, answer.status());
        assertEquals(
                "{\"sampling\":{}}",
                JsonText.of(answer.body())
                        .at("/error/data/requiredCapabilities")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void answersWithoutAStateBeginAFreshCall() {
        asks(true, "elicitation/create");
        Answer answer = client.call("tools/call", "{\"name\":\"x\",\"inputResponses\":{\"ask-1\":{}}}");

        assertEquals("\"input_required\"", answer.at("/result/resultType"));
    }

    @Test
    void aClientThatIsBackAtOnceIsKnown() {
        asks(true, "elicitation/create");
        for (int i = 0; i < 50; i++) {
            Answer answer = client.call("tools/call", again(state(ask()), "{\"ask-1\":" + ACCEPT + "}"));
            assertEquals("\"complete\"", answer.at("/result/resultType"));
        }
    }

    @Test
    void oneParkedCallTooManyIsRefusedAndTheOthersStay() {
        asks(true, "elicitation/create");
        String oldest = state(ask());
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"_meta\":{"
                + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}}}";
        RawClient others = harness.client();
        for (int i = 1; i < 256; i++) {
            others.send("POST /mcp/one HTTP/1.1\r\nHost: " + harness.host() + "\r\nContent-Type: application/json\r\n"
                    + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n"
                    + "Mcp-Method: tools/call\r\nMcp-Name: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertTrue(others.reply().body().contains("\"input_required\""));
        }
        JsonText refused = client.call("tools/call", "{\"name\":\"x\"}").json();

        assertEquals("\"BUSY\"", refused.at("/error/data/kind").orElseThrow().toString());
        assertEquals("true", refused.at("/error/data/dispatched").orElseThrow().toString());
        Await.until("the call that was refused is cancelled", () -> cancelled.get() == 1);
        assertEquals(
                "[{}]",
                client.call("tools/call", again(oldest, "{\"ask-1\":{}}")).at("/result/heard"));
    }

    @Test
    void parkedCallsEndWhenTheGatewayCloses() {
        asks(true, "elicitation/create");
        ask();
        harness.gateway.closeAsync();

        Await.until("the call is cancelled", () -> cancelled.get() == 1);
    }

    @Test
    void statesOfStatelessServersAreTheirOwn() {
        harness.one.protocol = "2026-07-28";
        harness.one.result("{\"resultType\":\"complete\"}");
        client.call("tools/call", again("\"theirs\"", "{\"k\":{}}")).body();
        FakeServer.Sent sent = harness.one.sent.stream()
                .filter(request -> request.method().equals("tools/call"))
                .findFirst()
                .orElseThrow();

        assertEquals(
                "\"theirs\"", sent.params().member("requestState").orElseThrow().toString());
        assertTrue(sent.params().member("inputResponses").isPresent());
    }

    @Test
    void theErrorThatSendsTheUserToAnAddressBecomesAQuestion() {
        harness.one.answer = sent -> Promise.succeeded(
                sent.method().equals("tools/list")
                        ? new RpcResult(JsonText.of("{\"tools\":[]}"))
                        : RpcError.of(
                                -32042,
                                "Visit",
                                JsonText.of("{\"elicitations\":[{\"mode\":\"url\",\"elicitationId\":\"e\","
                                        + "\"url\":\"https://a.example\",\"message\":\"Go\"}]}")));
        Answer able = client.capabilities("{\"elicitation\":{\"url\":{}}}").call("tools/call", "{\"name\":\"x\"}");
        assertEquals(
                "{\"visit-1\":{\"method\":\"elicitation/create\",\"params\":"
                        + "{\"mode\":\"url\",\"url\":\"https://a.example\",\"message\":\"Go\"}}}",
                able.at("/result/inputRequests"));

        Answer unable = client.capabilities("{\"elicitation\":{}}").call("tools/call", "{\"name\":\"x\"}");
        assertEquals("{\"elicitation\":{\"url\":{}}}", unable.at("/error/data/requiredCapabilities"));
    }
}
