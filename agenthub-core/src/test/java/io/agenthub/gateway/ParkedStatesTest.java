package io.agenthub.gateway;

import static io.agenthub.gateway.AskingServer.again;
import static io.agenthub.gateway.AskingServer.ask;
import static io.agenthub.gateway.AskingServer.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which states of parked calls are taken, and from whom. */
class ParkedStatesTest {
    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp/one");
    private final AskingServer asking = new AskingServer();

    @AfterEach
    void close() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "{\"ask-1\":null}", "{\"ask-1\":\"Ann\"}"})
    void anAnswerThatIsNoObjectIsAnErrorAndTheStateStaysGood(String responses) {
        asking.atOnce(harness.one, "elicitation/create");
        String state = state(ask(client));

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
        asking.atOnce(harness.one, "elicitation/create");
        Answer answer = client.call("tools/call", again(state, "{}"));

        assertEquals(200, answer.status());
        assertEquals("-32602", answer.at("/error/code"));
        assertEquals(0, asking.calls.get());
    }

    @Test
    void aStateThatWasChangedIsRefused() {
        asking.atOnce(harness.one, "elicitation/create");
        String state = state(ask(client));
        String sealed = state.substring(1, state.length() - 1);
        for (String changed : List.of(
                sealed + "-TAMPERED",
                sealed.substring(0, sealed.length() - 1),
                sealed.replace("agenthub.1.1", "agenthub.1.2"),
                sealed.substring(0, 20) + (sealed.charAt(20) == 'A' ? 'B' : 'A') + sealed.substring(21))) {
            Answer answer = client.call("tools/call", again("\"" + changed + "\"", "{\"ask-1\":{}}"));
            assertEquals("-32602", answer.at("/error/code"), changed);
        }

        assertEquals(1, asking.calls.get());
        assertEquals(
                "[{}]",
                client.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/result/heard"));
    }

    @Test
    void aStateThatWasUsedIsRefused() {
        asking.atOnce(harness.one, "elicitation/create");
        String state = state(ask(client));
        client.call("tools/call", again(state, "{\"ask-1\":{}}")).body();

        assertEquals(
                "-32602",
                client.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/error/code"));
        assertEquals(1, asking.calls.get());
    }

    @Test
    void aStateOfAnotherRequestServerOrPrincipalIsRefused() {
        asking.atOnce(harness.one, "elicitation/create");
        harness.two.answer = harness.one.answer;
        String state = state(ask(client));
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
        assertEquals(1, asking.calls.get());
        assertEquals("[{}]", client.call("tools/call", good).at("/result/heard"));
    }

    @Test
    void aStateOfAnEarlierRoundIsRefusedAndThatOfThePresentOneStaysGood() {
        asking.inTurn(harness.one, "elicitation/create", "elicitation/create");
        String first = state(ask(client));
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
        assertEquals(1, asking.calls.get());
    }

    @Test
    void aStateThatIsFiveMinutesOldIsRefusedAndItsCallIsWithdrawn() {
        ManualScheduler time = new ManualScheduler();
        try (GatewayHarness late = GatewayHarness.open(builder -> builder, time)) {
            asking.atOnce(late.one, "elicitation/create");
            StatelessClient slow = new StatelessClient(late, "/mcp/one");
            CompletableFuture<JsonText> asked = CompletableFuture.supplyAsync(
                    () -> slow.call("tools/call", "{\"name\":\"x\"}").json());
            Await.until("the question is put", () -> {
                time.advance(Duration.ofMillis(20));
                return asked.isDone();
            });
            String state = asked.join().at("/result/requestState").orElseThrow().toString();
            time.advance(Duration.ofMinutes(5).plusSeconds(2));

            assertEquals(1, asking.cancelled.get());
            assertEquals(
                    "-32602",
                    slow.call("tools/call", again(state, "{\"ask-1\":{}}")).at("/error/code"));
            assertEquals(1, asking.calls.get());
        }
    }

    @Test
    void aStateOfAnotherGatewayOrEndpointIsRefused() {
        asking.atOnce(harness.one, "elicitation/create");
        String state = state(ask(client));
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
        asking.atOnce(harness.one, "elicitation/create");
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
}
