package io.agenthub.gateway;

import static io.agenthub.gateway.AskingServer.again;
import static io.agenthub.gateway.AskingServer.ask;
import static io.agenthub.gateway.AskingServer.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions of servers with sessions to stateless clients. */
class ParkedCallsTest {
    private static final String ACCEPT = "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";

    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp/one");
    private final AskingServer asking = new AskingServer();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aQuestionIsARequiredInputAndTheRepeatedRequestAnswersIt() {
        asking.atOnce(harness.one, "elicitation/create");
        JsonText asked = ask(client);
        assertEquals(
                "{\"ask-1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\"}}}",
                asked.member("inputRequests").orElseThrow().toString());
        JsonText result = client.call("tools/call", again(state(asked), "{\"ask-1\":" + ACCEPT + "}"))
                .json()
                .member("result")
                .orElseThrow();

        assertEquals("[" + ACCEPT + "]", result.member("heard").orElseThrow().toString());
        assertEquals("\"complete\"", result.member("resultType").orElseThrow().toString());
        assertEquals(1, asking.calls.get());
    }

    @Test
    void questionsThatAreAskedTogetherAreOneRound() {
        ManualScheduler time = new ManualScheduler();
        try (GatewayHarness still = GatewayHarness.open(builder -> builder, time)) {
            asking.atOnce(still.one, "elicitation/create", "sampling/createMessage", "roots/list");
            StatelessClient patient = new StatelessClient(still, "/mcp/one");
            CompletableFuture<JsonText> asked = CompletableFuture.supplyAsync(
                    () -> patient.call("tools/call", "{\"name\":\"x\"}").json());
            Await.until("all three are asked", () -> asking.put.get() == 3);
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
        asking.inTurn(harness.one, "elicitation/create", "elicitation/create");
        JsonText first = ask(client);
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
        asking.atOnce(harness.one, "elicitation/create");
        JsonText asked = client.call("tools/call", again(state(ask(client)), "{\"other\":{}}"))
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

    @Test
    void aClientThatCannotBeAskedIsToldWhatItLacks() {
        asking.atOnce(harness.one, "sampling/createMessage");
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
        asking.atOnce(harness.one, "elicitation/create");
        Answer answer = client.call("tools/call", "{\"name\":\"x\",\"inputResponses\":{\"ask-1\":{}}}");

        assertEquals("\"input_required\"", answer.at("/result/resultType"));
    }

    @Test
    void aClientThatIsBackAtOnceIsKnown() {
        asking.atOnce(harness.one, "elicitation/create");
        for (int i = 0; i < 50; i++) {
            Answer answer = client.call("tools/call", again(state(ask(client)), "{\"ask-1\":" + ACCEPT + "}"));
            assertEquals("\"complete\"", answer.at("/result/resultType"));
        }
    }

    @Test
    void oneParkedCallTooManyIsRefusedAndTheOthersStay() {
        asking.atOnce(harness.one, "elicitation/create");
        String oldest = state(ask(client));
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
        Await.until("the call that was refused is cancelled", () -> asking.cancelled.get() == 1);
        assertEquals(
                "[{}]",
                client.call("tools/call", again(oldest, "{\"ask-1\":{}}")).at("/result/heard"));
    }

    @Test
    void parkedCallsEndWhenTheGatewayCloses() {
        asking.atOnce(harness.one, "elicitation/create");
        ask(client);
        harness.gateway.closeAsync();

        Await.until("the call is cancelled", () -> asking.cancelled.get() == 1);
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
