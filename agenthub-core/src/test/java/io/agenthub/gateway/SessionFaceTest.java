package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the revisions with sessions are promised. */
class SessionFaceTest {
    private static final String ALL = "{\"sampling\":{},\"elicitation\":{},\"roots\":{}}";

    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    private McpClient client() {
        return new McpClient(harness, "/mcp/one");
    }

    private McpClient session() {
        McpClient client = client();
        assertEquals(200, client.initialize("2025-11-25", ALL).status());
        return client;
    }

    private static RpcNotification progress(int value) {
        return new RpcNotification("notifications/progress", JsonText.of("{\"progress\":" + value + "}"));
    }

    private static RpcNotification log(String level) {
        return new RpcNotification("notifications/message", JsonText.of("{\"level\":\"" + level + "\",\"data\":1}"));
    }

    // ---- Beginning.

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 2024-11-05",
        "2025-03-26, 2025-03-26",
        "2025-06-18, 2025-06-18",
        "2025-11-25, 2025-11-25",
        "1999-01-01, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "nonsense, 2025-11-25"
    })
    void initializeAgreesOnTheClientsVersionOrTheLatestWithSessions(String asked, String agreed) {
        JsonText answer = client().initialize(asked, "{}").json();

        assertEquals(
                "\"" + agreed + "\"",
                answer.at("/result/protocolVersion").orElseThrow().toString());
    }

    @Test
    void initializeTellsWhatTheServerSaysOfItselfWithoutTasks() {
        harness.one.capabilities = JsonText.of("{\"tools\":{\"listChanged\":true},\"tasks\":{}}");
        JsonText result =
                client().initialize("2025-11-25", "{}").json().member("result").orElseThrow();

        assertEquals(
                "{\"tools\":{\"listChanged\":true}}",
                result.member("capabilities").orElseThrow().toString());
        assertEquals("\"fake\"", result.at("/serverInfo/name").orElseThrow().toString());
        assertEquals("\"Be kind.\"", result.member("instructions").orElseThrow().toString());
    }

    @Test
    void aSessionIdIsVisibleAsciiAndNeverTheSame() {
        String first =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();
        String second =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();

        assertTrue(first.matches("[!-~]{32,}"), first);
        assertNotEquals(first, second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"protocolVersion\":7}", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":[]}"})
    void initializeWithoutItsParametersIsRefusedAndBeginsNothing(String params) {
        Answer answer = client().call("1", "initialize", params);

        assertTrue(answer.header("mcp-session-id").isEmpty());
        assertEquals("-32602", answer.at("/error/code"));
    }

    @Test
    void aSecondInitializeInASessionBeginsAnother() {
        McpClient client = session();
        Answer again = client.initialize("2025-06-18", "{}");

        assertEquals(200, again.status());
        assertTrue(again.header("mcp-session-id").isPresent());
    }

    @Test
    void anUnknownServerIsNotFound() {
        Answer answer = new McpClient(harness, "/mcp/three").initialize("2025-11-25", "{}");

        assertEquals(404, answer.status());
        assertEquals("\"UNKNOWN_SERVER\"", answer.at("/error/data/kind"));
    }

    // ---- Being recognized.

    @Test
    void aRequestWithoutASessionIsRefused() {
        Answer answer = client().call("1", "tools/list", "{}");

        assertEquals(400, answer.status());
        assertEquals("-32600", answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void anUnknownSessionIsNotFound(String id) {
        McpClient client = client().with("mcp-session-id", id);

        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("GET", null).status());
        assertEquals(404, client.send("DELETE", null).status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aSessionOfAnotherPrincipalIsNotFound() {
        McpClient client = client().with("authorization", "Bearer mine");
        client.initialize("2025-11-25", "{}");
        client.with("authorization", "Bearer yours");

        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("DELETE", null).status());
        assertEquals(
                200,
                client.with("authorization", "Bearer mine")
                        .call("1", "tools/list", "{}")
                        .status());
    }

    @Test
    void aSessionOfAnotherServerIsNotFound() {
        String id =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();
        McpClient other = new McpClient(harness, "/mcp/two").with("mcp-session-id", id);

        assertEquals(404, other.call("1", "tools/list", "{}").status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aSessionThatWasEndedIsNotFoundAnyMore() {
        McpClient client = session();

        assertEquals(204, client.send("DELETE", null).status());
        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("DELETE", null).status());
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25, 200", "2025-06-18, 200", "1999-01-01, 400", "nonsense, 400"})
    void theVersionHeaderMustNameARevisionWithSessions(String version, int status) {
        McpClient client = session().with("mcp-protocol-version", version);

        assertEquals(status, client.call("1", "tools/list", "{}").status());
    }

    @Test
    void theVersionHeaderMayBeLeftOut() {
        assertEquals(200, session().call("1", "tools/list", "{}").status());
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 406",
        "text/event-stream, 406",
        "text/html, 406",
        "*/*, 200",
        "'application/*, text/*', 200",
        "'text/event-stream;q=0.5, APPLICATION/JSON', 200"
    })
    void aPostMustTakeBothMediaTypes(String accept, int status) {
        McpClient client = session().with("accept", accept);

        assertEquals(status, client.call("1", "tools/list", "{}").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\"|-32700",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}|-32600",
                "7|-32600",
                "[]|-32600",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600"
            })
    void whatIsNotOneMessageIsRefused(String body, String code) {
        Answer answer = session().post(body);

        assertEquals(400, answer.status());
        assertEquals(code, answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
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
        Thread first = new Thread(
                () -> client.call("1", "tools/call", "{\"name\":\"x\"}").body());
        first.start();
        Await.until("the call arrives", () -> harness.one.hanging.size() == 1);

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
        Thread caller = new Thread(
                () -> client.call("8", "tools/call", "{\"name\":\"x\"}").body());
        caller.start();
        Await.until("the call arrives", () -> harness.one.hanging.size() == 1);
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
        Thread caller = new Thread(
                () -> client.call("8", "tools/call", "{\"name\":\"x\"}").body());
        caller.start();
        Await.until("the call arrives", () -> harness.one.hanging.size() == 1);
        client.send("DELETE", null).body();

        Await.until("the call is cancelled", () -> harness.one.cancelled.get() == 1);
        caller.join();
    }

    // ---- Listening.

    @Test
    void announcementsComeToWhoListens() {
        McpClient client = session();
        Answer listening = client.send("GET", null);
        listening.next();
        harness.hub.announce("two", "notifications/tools/list_changed", "{}");
        harness.hub.announce("one", "notifications/tools/list_changed", "{}");

        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{}}",
                listening.next().data().toString());
        listening.close();
    }

    @Test
    void whatIsAnnouncedWhileNobodyListensComesLater() {
        McpClient client = session();
        harness.hub.announce("one", "notifications/prompts/list_changed", "{}");
        Answer listening = client.send("GET", null);
        listening.next();

        assertEquals("notifications/prompts/list_changed", listening.next().method());
        listening.close();
    }

    @Test
    void aSessionIsListenedToOnce() {
        McpClient client = session();
        Answer listening = client.send("GET", null);

        assertEquals(409, client.send("GET", null).status());
        listening.close();
    }

    @Test
    void aListenerMustTakeEvents() {
        assertEquals(
                406,
                session().with("accept", "application/json").send("GET", null).status());
    }

    @Test
    void updatesOfAResourceComeOnlyToThoseWhoSubscribed() {
        McpClient watching = session();
        McpClient other = session();
        assertEquals(
                "{\"method\":\"resources/subscribe\",\"params\":{\"uri\":\"a\"}}",
                watching.call("1", "resources/subscribe", "{\"uri\":\"a\"}").at("/result"));
        other.call("1", "resources/subscribe", "{\"uri\":\"b\"}").body();
        Answer first = watching.send("GET", null);
        Answer second = other.send("GET", null);
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"a\"}");
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"b\"}");
        first.next();
        second.next();

        assertEquals(
                "{\"uri\":\"a\"}",
                first.next().data().member("params").orElseThrow().toString());
        assertEquals(
                "{\"uri\":\"b\"}",
                second.next().data().member("params").orElseThrow().toString());
        first.close();
        second.close();
    }

    @Test
    void aServerIsAskedOnceHoweverManySubscribe() {
        McpClient first = session();
        McpClient second = session();
        first.call("1", "resources/subscribe", "{\"uri\":\"a\"}").body();
        second.call("1", "resources/subscribe", "{\"uri\":\"a\"}").body();
        first.call("2", "resources/unsubscribe", "{\"uri\":\"a\"}").body();
        assertEquals(
                List.of("resources/subscribe"),
                harness.one.sent.stream().map(FakeServer.Sent::method).toList());
        second.send("DELETE", null).body();

        assertEquals(
                List.of("resources/subscribe", "resources/unsubscribe"),
                harness.one.sent.stream().map(FakeServer.Sent::method).toList());
    }

    // ---- Batches, of one revision only.

    @Test
    void clientsOf20250326MayBatch() {
        McpClient client = client();
        client.initialize("2025-03-26", "{}");
        Answer answer = client.post("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}]");

        assertEquals(
                List.of("1", "2"),
                answer.rest().stream()
                        .map(event -> event.data().member("id").orElseThrow().toString())
                        .sorted()
                        .toList());
    }

    @Test
    void aBatchOfNotificationsIsAccepted() {
        McpClient client = client();
        client.initialize("2025-03-26", "{}");

        assertEquals(
                202,
                client.post("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}]")
                        .status());
    }

    // ---- What only stateless servers say.

    @Test
    void resultsOfStatelessServersLoseWhatClientsWithSessionsDoNotKnow() {
        harness.one.result("{\"tools\":[],\"resultType\":\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\","
                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{},\"x\":1}}");

        assertEquals(
                "{\"tools\":[],\"_meta\":{\"x\":1}}",
                session().call("1", "tools/list", "{}").at("/result"));
    }

    @ParameterizedTest
    @CsvSource({"-32021, -32603", "-32022, -32603", "-32602, -32602", "-32002, -32002", "-1, -1"})
    void errorsThatOnlyStatelessServersKnowBecomeInternalErrors(int said, String heard) {
        harness.one.answer = sent -> Promise.succeeded(RpcError.of(said, "no", null));

        assertEquals(heard, session().call("1", "tools/list", "{}").at("/error/code"));
    }

    @Test
    void theGatewayEndsWhatIsListenedToWhenItCloses() {
        McpClient client = session();
        Answer listening = client.send("GET", null);
        listening.next();
        harness.gateway.closeAsync();

        assertNull(listening.next());
    }
}
