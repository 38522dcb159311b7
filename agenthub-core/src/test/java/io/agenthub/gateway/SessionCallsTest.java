package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.McpClient.Event;
import io.agenthub.tck.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the revisions with sessions are promised of their calls. */
class SessionCallsTest extends SessionFaceHarness {
    /** Makes a call on a thread of its own, which ends with the answer; returns once the server has the call. */
    private Thread calling(McpClient client, String id) {
        Thread caller = new Thread(
                () -> client.call(id, "tools/call", "{\"name\":\"x\"}").body());
        caller.start();
        Await.until("the call arrives", () -> harness.one.hanging.size() == 1);
        return caller;
    }

    private static RpcNotification progress(int value) {
        return new RpcNotification("notifications/progress", JsonText.of("{\"progress\":" + value + "}"));
    }

    private static RpcNotification log(String level) {
        return new RpcNotification("notifications/message", JsonText.of("{\"level\":\"" + level + "\",\"data\":1}"));
    }

    // ---- Calling.
    @Test
    void aCallThatIsAnsweredAtOnceIsPlainJsonWithTheClientsId() {
        Answer answer = session().call("\"a b\"", "tools/list", "{\"cursor\":\"x\"}");

        assertEquals("application/json", answer.header("content-type").orElseThrow());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":\"a b\",\"result\":{\"method\":\"tools/list\",\"params\":{\"cursor\":\"x\"}}}",
                answer.body());
    }

    @Test
    void aResultThatCannotBeUnderstoodIsAnError() {
        harness.one.result("{\"resultType\":\"complete\",\"resultType\":\"task\"}");
        JsonText error = session()
                .call("6", "tools/call", "{\"name\":\"x\"}")
                .json()
                .member("error")
                .orElseThrow();

        assertEquals("502", error.member("code").orElseThrow().toString());
        assertTrue(error.toString().contains("CHILD_PROTOCOL"), error.toString());
        assertTrue(error.toString().contains("resultType"), error.toString());
    }

    @Test
    void theServerLearnsWhatTheClientCanBeAsked() {
        McpClient client = client();
        client.initialize("2025-11-25", "{\"sampling\":{},\"tasks\":{}}");
        client.call("1", "tools/call", "{\"name\":\"x\"}").body();
        FakeServer.Sent sent = harness.one.sent.peek();

        assertEquals(JsonText.of("{\"sampling\":{}}"), sent.options().profile().capabilities());
        assertFalse(sent.options().profile().takesInputRequired());
        assertEquals("test-client", sent.options().client().orElseThrow());
        assertTrue(sent.options().session().isPresent());
    }

    @Test
    void pingIsAnsweredByTheGateway() {
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}",
                session().call("5", "ping", "{}").body());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void notificationsAndAnswersAreAcceptedWithoutABody() {
        McpClient client = session();
        Answer answer = client.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

        assertEquals(202, answer.status());
        assertEquals("", answer.body());
        assertEquals(
                202,
                client.post("{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}").status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aNotificationCarriesTheTraceOfItsPost() {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        session()
                .with("traceparent", parent)
                .post("{\"jsonrpc\":\"2.0\",\"method\":\"custom/thing\"}")
                .body();

        assertEquals(
                new RpcNotification("custom/thing", JsonText.of("{\"_meta\":{\"traceparent\":\"" + parent + "\"}}")),
                harness.one.notified.peek());
    }

    @Test
    void otherNotificationsReachTheServer() {
        session()
                .post("{\"jsonrpc\":\"2.0\",\"method\":\"custom/thing\",\"params\":{\"a\":1}}")
                .body();

        assertEquals(new RpcNotification("custom/thing", JsonText.of("{\"a\":1}")), harness.one.notified.peek());
    }

    @Test
    void progressAndLogMessagesComeOnTheStreamOfTheCallInOrderBeforeItsResponse() {
        harness.one.answer = sent -> {
            CallListener listener = sent.options().listener().orElseThrow();
            listener.notified(progress(1));
            listener.notified(log("info"));
            listener.notified(progress(2));
            return Promise.succeeded(new RpcResult(JsonText.of("{\"content\":[]}")));
        };
        Answer answer = session().call("7", "tools/call", "{\"name\":\"x\",\"_meta\":{\"progressToken\":\"t\"}}");
        List<Event> events = answer.rest();

        assertTrue(answer.isStream());
        assertEquals("no", answer.header("x-accel-buffering").orElseThrow());
        assertEquals(JsonText.NULL, events.get(0).data());
        assertEquals(
                "{\"progress\":1,\"progressToken\":\"t\"}",
                events.get(1).data().member("params").orElseThrow().toString());
        assertEquals("notifications/message", events.get(2).method());
        assertEquals(
                "{\"progress\":2,\"progressToken\":\"t\"}",
                events.get(3).data().member("params").orElseThrow().toString());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}",
                events.get(4).data().toString());
        assertEquals(5, events.size());
    }

    @Test
    void aServerIsAskedForProgressOnlyIfTheClientAsksForIt() {
        McpClient client = session();
        client.call("1", "tools/call", "{\"name\":\"x\"}");
        client.call("2", "tools/call", "{\"name\":\"x\",\"_meta\":{\"progressToken\":\"t\"}}");

        List<Boolean> wanted = harness.one.sent.stream()
                .filter(sent -> sent.method().equals("tools/call"))
                .map(sent -> sent.options().listener().orElseThrow().wantsProgress())
                .toList();
        assertEquals(List.of(false, true), wanted);
    }

    @Test
    void onlyClientsThatKnowItGetAnEventWithoutData() {
        harness.one.answer = sent -> {
            sent.options().listener().orElseThrow().notified(log("info"));
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        };
        McpClient client = client();
        client.initialize("2025-06-18", ALL);

        assertEquals(
                "notifications/message",
                client.call("1", "tools/call", "{\"name\":\"x\"}").next().method());
    }

    @Test
    void aMessageComesOnOneStreamOnly() {
        Map<String, CallListener> callers = new ConcurrentHashMap<>();
        harness.one.hang();
        Function<FakeServer.Sent, CompletionStage<RpcOutcome>> hang = harness.one.answer;
        harness.one.answer = sent -> {
            CallListener caller = sent.options().listener().orElseThrow();
            callers.put(sent.params().member("name").orElseThrow().toString(), caller);
            caller.notified(progress(1));
            return hang.apply(sent);
        };
        McpClient client = session();
        Answer standing = client.send("GET", null);
        Answer first = client.call("1", "tools/call", "{\"name\":\"a\",\"_meta\":{\"progressToken\":\"t\"}}");
        Answer second = client.call("2", "tools/call", "{\"name\":\"b\",\"_meta\":{\"progressToken\":\"t\"}}");
        callers.get("\"b\"").notified(progress(2));
        callers.get("\"a\"").notified(progress(3));
        harness.hub.announce("one", "notifications/tools/list_changed", "{}");
        harness.one.hanging.forEach(answer -> answer.succeed(new RpcResult(JsonText.EMPTY_OBJECT)));

        assertEquals(List.of("1", "3", "1 answered"), told(first));
        assertEquals(List.of("1", "2", "2 answered"), told(second));
        Event announced = standing.next();
        while (announced.data().isNull()) {
            announced = standing.next();
        }
        assertEquals("notifications/tools/list_changed", announced.method());
        assertEquals(204, client.send("DELETE", null).status());
        assertEquals(List.of(), standing.rest());
    }

    /** The progress on a stream, and what it answers. */
    private static List<String> told(Answer stream) {
        return stream.rest().stream()
                .map(Event::data)
                .filter(data -> !data.isNull())
                .map(data -> data.at("/params/progress")
                        .map(JsonText::toString)
                        .orElseGet(() -> data.member("id").orElseThrow() + " answered"))
                .toList();
    }

    @Test
    void progressIsNotSentToAClientThatDidNotAsk() {
        harness.one.answer = sent -> {
            sent.options().listener().orElseThrow().notified(progress(1));
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        };

        assertFalse(session().call("1", "tools/call", "{\"name\":\"x\"}").isStream());
    }

    @Test
    void theLogLevelIsKeptByTheGateway() {
        harness.one.answer = sent -> {
            sent.options().listener().orElseThrow().notified(log("info"));
            sent.options().listener().orElseThrow().notified(log("error"));
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        };
        McpClient client = session();

        assertEquals(
                "{}",
                client.call("1", "logging/setLevel", "{\"level\":\"warning\"}").at("/result"));
        assertEquals(
                "-32602",
                client.call("2", "logging/setLevel", "{\"level\":\"loud\"}").at("/error/code"));
        List<Event> events = client.call("3", "tools/call", "{\"name\":\"x\"}").rest();
        assertEquals(3, events.size());
        assertTrue(events.get(1).data().toString().contains("error"));
    }

    @Test
    void aFailureAfterAcceptanceIsAnErrorInAGoodAnswer() {
        harness.one.fail(new io.agenthub.api.server.ServerNotReadyException(
                "one", io.agenthub.api.server.ServerState.FAILED, "broken", java.time.Duration.ofSeconds(1)));
        Answer answer = session().call("1", "tools/list", "{}");

        assertEquals(200, answer.status());
        assertEquals("\"NOT_READY\"", answer.at("/error/data/kind"));
    }

    @Test
    void anIdInUseIsRefusedAndTheFirstCallGoesOn() throws Exception {
        harness.one.hang();
        McpClient client = session();
        Thread first = calling(client, "1");

        assertEquals(400, client.call("1", "tools/list", "{}").status());
        assertEquals(1, harness.one.hanging.size());
        harness.one.hanging.peek().succeed(new RpcResult(JsonText.EMPTY_OBJECT));
        first.join();
    }

    // ---- Being asked.
    /** Asks one question and answers with what the client said. */
    private static CompletionStage<RpcOutcome> ask(FakeServer.Sent sent, String method) {
        RpcRequest question = new RpcRequest(JsonText.of("77"), method, JsonText.of("{\"message\":\"Who?\"}"));
        return Promise.chain(
                sent.options().listener().orElseThrow().asked(question),
                outcome -> Promise.succeeded(
                        outcome instanceof RpcError error
                                ? new RpcResult(JsonText.object(Map.of("refused", error.json())))
                                : outcome));
    }

    @Test
    void aQuestionOfTheServerIsARequestOnTheStreamOfTheCall() {
        harness.one.answer = sent -> ask(sent, "elicitation/create");
        McpClient client = session();
        Answer call = client.call("1", "tools/call", "{\"name\":\"x\"}");
        call.next();
        Event question = call.next();

        assertEquals("elicitation/create", question.method());
        assertEquals(
                "{\"message\":\"Who?\"}",
                question.data().member("params").orElseThrow().toString());
        String id = question.data().member("id").orElseThrow().toString();
        assertEquals(
                202,
                client.post("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"action\":\"accept\"}}")
                        .status());
        assertEquals("{\"action\":\"accept\"}", call.at("/result"));
    }

    @Test
    void anAnswerFromAnotherSessionIsDropped() {
        harness.one.answer = sent -> ask(sent, "elicitation/create");
        McpClient client = session();
        Answer call = client.call("1", "tools/call", "{\"name\":\"x\"}");
        call.next();
        String id = call.next().data().member("id").orElseThrow().toString();
        session()
                .post("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"action\":\"forged\"}}")
                .body();
        client.post("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"action\":\"accept\"}}")
                .body();

        assertEquals("{\"action\":\"accept\"}", call.at("/result"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sampling/createMessage|{\"elicitation\":{}}",
                "elicitation/create|{\"sampling\":{}}",
                "roots/list|{\"sampling\":{}}",
                "custom/question|{\"sampling\":{},\"elicitation\":{},\"roots\":{}}"
            })
    void aClientIsNotAskedWhatItCannotAnswer(String question, String capabilities) {
        harness.one.answer = sent -> ask(sent, question);
        McpClient client = client();
        client.initialize("2025-11-25", capabilities);

        assertEquals(
                "-32601", client.call("1", "tools/call", "{\"name\":\"x\"}").at("/result/refused/code"));
    }

    // ---- Cancelling and going away.
    @Test
    void aCancelledCallIsWithdrawnFromTheServer() throws Exception {
        harness.one.hang();
        McpClient client = session();
        Thread caller = calling(client, "8");
        client.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":8}}")
                .body();

        Await.until("the call is cancelled", () -> harness.one.cancelled.get() == 1);
        caller.join();
    }

    @Test
    void aClientThatGoesAwayHasNotCancelledAndMayResumeItsStream() {
        harness.one.hang();
        java.util.function.Function<FakeServer.Sent, CompletionStage<RpcOutcome>> hang = harness.one.answer;
        harness.one.answer = sent -> {
            sent.options().listener().orElseThrow().notified(log("info"));
            return hang.apply(sent);
        };
        McpClient client = session();
        Answer call = client.call("1", "tools/call", "{\"name\":\"x\"}");
        call.next();
        String seen = call.next().id();
        call.close();
        harness.one.hanging.peek().succeed(new RpcResult(JsonText.of("{\"late\":true}")));
        List<Event> resumed =
                client.with("last-event-id", seen).send("GET", null).rest();

        assertEquals(0, harness.one.cancelled.get());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"late\":true}}",
                resumed.get(resumed.size() - 1).data().toString());
        assertEquals(2, resumed.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9-1", "x", "1-", "99999999999-1"})
    void anUnknownEventIsRefused(String event) {
        assertEquals(
                400, session().with("last-event-id", event).send("GET", null).status());
    }

    @Test
    void endingASessionCancelsItsCalls() throws Exception {
        harness.one.hang();
        McpClient client = session();
        Thread caller = calling(client, "8");
        client.send("DELETE", null).body();

        Await.until("the call is cancelled", () -> harness.one.cancelled.get() == 1);
        caller.join();
    }
}
