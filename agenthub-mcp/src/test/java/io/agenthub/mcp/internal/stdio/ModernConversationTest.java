package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.everything.EverythingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stateless server as callers of either era see it. */
class ModernConversationTest extends StdioFixture {
    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final JsonText EVERYTHING_ASKED = JsonText.of("{\"elicitation\":{},\"sampling\":{},\"roots\":{}}");

    @TempDir
    Path folder;

    private static ServerSpec.Builder everything(String... modes) {
        return ServerSpec.stdio("everything", EverythingServer.command(modes)).setting("protocol", "modern");
    }

    private static ClientProfile asked() {
        return new ClientProfile(
                JsonText.object(Map.of("elicitation", JsonText.EMPTY_OBJECT, "sampling", JsonText.EMPTY_OBJECT)),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** Answers everything the way a willing client does. */
    private static CompletionStage<RpcOutcome> willing(RpcRequest question) {
        String answer = switch (question.method()) {
            case "elicitation/create" ->
                "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\",\"color\":\"blue\",\"ok\":true}}";
            case "sampling/createMessage" ->
                "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}";
            default -> "{\"roots\":[{\"uri\":\"file:///a\"},{\"uri\":\"file:///b\"}]}";
        };
        return Promise.succeeded(new RpcResult(JsonText.of(answer)));
    }

    private static String said(CompletionStage<RpcOutcome> stage) {
        return text(Await.value(stage).orThrow(), "/content/0/text");
    }

    // The envelope

    @Test
    void everyRequestSaysWhoItsCallerIs() {
        Bridge bridge = open(fake("discover=modern"));
        ClientProfile profile = new ClientProfile(
                JsonText.of("{\"elicitation\":{},\"roots\":{},\"tasks\":{}}"),
                Optional.of(JsonText.of("{\"name\":\"probe\",\"version\":\"9\"}")),
                Optional.of("warning"),
                false);
        JsonText params = JsonText.of(
                "{\"name\":\"meta\",\"_meta\":{\"traceparent\":\"00-1\",\"progressToken\":\"mine\",\"" + PREFIX
                        + "protocolVersion\":\"forged\",\"" + PREFIX + "clientCapabilities\":{\"forged\":{}}}}");
        Map<String, JsonText> meta = data(bridge.request(
                        "tools/call", params, new RecordingCallContext(true).client(profile)))
                .members();
        assertEquals("\"2026-07-28\"", String.valueOf(meta.get(PREFIX + "protocolVersion")));
        assertEquals("{\"elicitation\":{}}", String.valueOf(meta.get(PREFIX + "clientCapabilities")));
        assertEquals("{\"name\":\"probe\",\"version\":\"9\"}", String.valueOf(meta.get(PREFIX + "clientInfo")));
        assertEquals("\"warning\"", String.valueOf(meta.get(PREFIX + "logLevel")));
        assertEquals("\"00-1\"", String.valueOf(meta.get("traceparent")));
        assertFalse(String.valueOf(meta.get("progressToken")).contains("mine"));
    }

    @Test
    void aCallerThatSaysNothingOfItselfIsTheHubAndCanBeAskedNothing() {
        Map<String, JsonText> meta = data(open(fake("discover=modern"))
                        .request("tools/call", JsonText.of("{\"name\":\"meta\"}"), new RecordingCallContext()))
                .members();
        assertEquals("{}", String.valueOf(meta.get(PREFIX + "clientCapabilities")));
        assertTrue(String.valueOf(meta.get(PREFIX + "clientInfo")).contains("agenthub"));
        assertFalse(meta.containsKey(PREFIX + "logLevel"));
    }

    @Test
    void rootsAreDeclaredOnlyToAServerThatIsTrustedWithThem() {
        Bridge trusted = open(fake("discover=modern").setting("roots", "forward"));
        ClientProfile profile = new ClientProfile(EVERYTHING_ASKED, Optional.empty(), Optional.empty(), true);
        JsonText meta = data(trusted.request(
                "tools/call", JsonText.of("{\"name\":\"meta\"}"), new RecordingCallContext().client(profile)));
        assertEquals(EVERYTHING_ASKED, meta.members().get(PREFIX + "clientCapabilities"));
    }

    // Side messages

    @Test
    void progressArrivesInOrderWithTheCallersOwnToken() {
        Bridge bridge = open(everything("--modern"));
        RecordingCallContext context = new RecordingCallContext(true);
        JsonText params = JsonText.of("{\"name\":\"test_tool_with_progress\",\"_meta\":{\"progressToken\":\"mine\"}}");
        said(bridge.request("tools/call", params, context));
        assertEquals(
                List.of("0", "50", "100"),
                context.notifications().stream()
                        .map(step ->
                                String.valueOf(step.params().member("progress").orElseThrow()))
                        .toList());
        context.notifications()
                .forEach(step -> assertEquals(
                        "\"mine\"",
                        step.params().member("progressToken").orElseThrow().toString()));
    }

    @Test
    void logMessagesReachTheCallThatWantedThemAndNobodyElse() {
        Bridge bridge = open(everything("--modern"));
        ClientProfile curious = new ClientProfile(JsonText.EMPTY_OBJECT, Optional.empty(), Optional.of("info"), false);
        RecordingCallContext wanting = new RecordingCallContext(true).client(curious);
        RecordingCallContext other = new RecordingCallContext(true);
        CompletionStage<RpcOutcome> logged = call(bridge, "test_tool_with_logging", "{}", wanting);
        said(call(bridge, "test_tool_with_progress", "{}", other));
        said(logged);
        assertEquals(
                List.of("notifications/message", "notifications/message", "notifications/message"),
                wanting.notifications().stream().map(RpcNotification::method).toList());
        assertTrue(other.notifications().stream()
                .noneMatch(notification -> notification.method().equals("notifications/message")));
        assertEquals(List.of(), heard);
    }

    @Test
    void aWithdrawnCallIsCancelledAtTheServer() throws IOException {
        Path journal = Files.createFile(folder.resolve("journal"));
        Bridge bridge = open(everything("--modern", "--journal=" + journal));
        RecordingCallContext context = new RecordingCallContext(true);
        CompletionStage<RpcOutcome> stage = call(bridge, "test_cancellation", "{}", context);
        Await.until("it runs", () -> !context.notifications().isEmpty());
        stage.toCompletableFuture().cancel(true);
        Await.until("the server knows", () -> read(journal).contains("cancelled test_cancellation"));
        assertEquals(0, bridge.stats().inFlight());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerAfterTheWithdrawalIsAnOrphan() {
        Bridge bridge = open(fake("discover=modern"));
        RecordingCallContext context = new RecordingCallContext();
        CompletionStage<RpcOutcome> stage = call(bridge, "late", "{}", context);
        Await.until("it is on its way", () -> context.dispatches() == 1);
        stage.toCompletableFuture().cancel(true);
        Await.until("the answer was dropped", () -> bridge.stats().orphans() == 1);
        assertEquals("3", data(call(bridge, "add", "{\"a\":1,\"b\":2}")).toString());
    }

    @Test
    void aRequestOfTheServerFailsTheCallAndIsNotAnswered() {
        Bridge bridge = open(fake("discover=modern"));
        RecordingCallContext context = new RecordingCallContext().client(asked());
        ProtocolViolationException failure =
                Await.failure(ProtocolViolationException.class, call(bridge, "ask", "{}", context));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.dispatched());
        assertEquals(List.of(), context.questions());
        JsonText received = data(call(bridge, "received", "{}"));
        assertEquals("[]", received.member("answers").orElseThrow().toString());
        assertEquals(1, received.member("cancelled").orElseThrow().elements().size());
    }

    @Test
    void aRequestOfTheServerThatCanBeMeantForTwoCallsFailsNeither() {
        Bridge bridge = open(fake("discover=modern"));
        RecordingCallContext context = new RecordingCallContext();
        CompletionStage<RpcOutcome> one = call(bridge, "never", "{}");
        CompletionStage<RpcOutcome> other = call(bridge, "ask", "{\"method\":\"ping\"}", context);
        Await.until("the request was heard", () -> bridge.stats().noise() == 1);
        assertFalse(one.toCompletableFuture().isDone());
        assertFalse(other.toCompletableFuture().isDone());
        assertEquals(List.of(), context.questions());
        assertEquals(
                "[]",
                data(call(bridge, "received", "{}"))
                        .member("answers")
                        .orElseThrow()
                        .toString());
    }

    // Input required

    @Test
    void aCallerThatTakesQuestionsAsResultsGetsThemAsTheyAre() {
        Bridge bridge = open(everything("--modern"));
        ClientProfile modern = new ClientProfile(asked().capabilities(), Optional.empty(), Optional.empty(), true);
        JsonText first = Await.value(call(
                        bridge,
                        "test_input_required_result_request_state",
                        "{}",
                        new RecordingCallContext().client(modern)))
                .orThrow();
        assertEquals("input_required", text(first, "/resultType"));
        assertTrue(first.at("/inputRequests/confirm").isPresent());
        JsonText next = params("test_input_required_result_request_state", "{}")
                .with("requestState", first.member("requestState").orElseThrow())
                .with("inputResponses", JsonText.of("{\"confirm\":{\"action\":\"accept\",\"content\":{\"ok\":true}}}"));
        RecordingCallContext again = new RecordingCallContext().client(modern);
        assertTrue(said(bridge.request("tools/call", next, again)).startsWith("state-ok"));
        assertEquals(List.of(), again.questions());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test_input_required_result_elicitation=Hello, Ada!",
                "test_input_required_result_sampling=Sampling result: Paris",
                "test_input_required_result_request_state=state-ok: requestState validated",
                "test_input_required_result_multi_round=Multi-round complete for Ada who likes blue"
            })
    void forAnyOtherCallerTheyBecomeQuestions(String toolAndAnswer) {
        Bridge bridge = open(everything("--modern"));
        String[] parts = toolAndAnswer.split("=", -1);
        RecordingCallContext context =
                new RecordingCallContext().client(asked()).answering(ModernConversationTest::willing);
        assertEquals(parts[1], said(call(bridge, parts[0], "{}", context)));
        assertEquals(
                parts[0].contains("multi_round") ? 2 : 1, context.questions().size());
        assertEquals(1, context.dispatches());
    }

    @Test
    void severalQuestionsAtOnceAreAskedTogether() {
        Bridge bridge = open(everything("--modern").setting("roots", "forward"));
        ClientProfile profile = new ClientProfile(EVERYTHING_ASKED, Optional.empty(), Optional.empty(), false);
        RecordingCallContext context =
                new RecordingCallContext().client(profile).answering(ModernConversationTest::willing);
        said(call(bridge, "test_input_required_result_multiple_inputs", "{}", context));
        assertEquals(
                List.of("elicitation/create", "roots/list", "sampling/createMessage"),
                context.questions().stream().map(RpcRequest::method).sorted().toList());
    }

    @Test
    void aPromptMayAskToo() {
        Bridge bridge = open(everything("--modern"));
        RecordingCallContext context =
                new RecordingCallContext().client(asked()).answering(ModernConversationTest::willing);
        JsonText result = Await.value(bridge.request(
                        "prompts/get", JsonText.of("{\"name\":\"test_input_required_result_prompt\"}"), context))
                .orThrow();
        assertTrue(result.member("messages").isPresent(), result.toString());
    }

    @Test
    void aQuestionThatIsNotAnsweredEndsTheCallWithTheReason() {
        Bridge bridge = open(everything("--modern"));
        RecordingCallContext context = new RecordingCallContext()
                .client(asked())
                .answering(question -> Promise.succeeded(RpcError.of(-1, "nobody is at home", null)));
        RpcError error = assertInstanceOf(
                RpcError.class, Await.value(call(bridge, "test_input_required_result_elicitation", "{}", context)));
        assertEquals(RpcError.INTERNAL_ERROR, error.code());
        assertTrue(error.message().contains("nobody is at home"), error.message());
    }

    @Test
    void aServerThatNeverHasEnoughIsGivenUpAfterEightRounds() {
        Bridge bridge = open(fake("discover=modern"));
        RecordingCallContext context =
                new RecordingCallContext().client(asked()).answering(ModernConversationTest::willing);
        RpcError error = assertInstanceOf(RpcError.class, Await.value(call(bridge, "input-required", "{}", context)));
        assertTrue(error.message().contains("8 rounds"), error.message());
        assertEquals(8, context.questions().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"roots/list", "tools/call", ""})
    void aQuestionThatWasNotOfferedFailsTheCall(String method) {
        Bridge bridge = open(fake("discover=modern"));
        for (boolean verbatim : new boolean[] {true, false}) {
            ClientProfile profile =
                    new ClientProfile(asked().capabilities(), Optional.empty(), Optional.empty(), verbatim);
            RecordingCallContext context =
                    new RecordingCallContext().client(profile).answering(ModernConversationTest::willing);
            Await.failure(
                    ProtocolViolationException.class,
                    call(bridge, "input-required", "{\"method\":\"" + method + "\"}", context));
            assertEquals(List.of(), context.questions());
        }
    }

    @Test
    void aCallWithdrawnWhileItsCallerIsAskedWithdrawsTheQuestion() {
        Bridge bridge = open(everything("--modern"));
        Promise<RpcOutcome> thinking = new Promise<>(Runnable::run);
        RecordingCallContext context =
                new RecordingCallContext().client(asked()).answering(question -> thinking);
        CompletionStage<RpcOutcome> stage = call(bridge, "test_input_required_result_elicitation", "{}", context);
        Await.until("it is asked", () -> !context.questions().isEmpty());
        assertEquals(0, bridge.stats().inFlight());
        stage.toCompletableFuture().cancel(true);
        Await.until("the question is withdrawn", thinking::isCancelled);
    }

    @Test
    void aCallWhoseCallerIsAskedFailsWhenTheServerEnds() {
        Bridge bridge = open(everything("--modern"));
        Promise<RpcOutcome> thinking = new Promise<>(Runnable::run);
        RecordingCallContext context =
                new RecordingCallContext().client(asked()).answering(question -> thinking);
        CompletionStage<RpcOutcome> stage = call(bridge, "test_input_required_result_elicitation", "{}", context);
        Await.until("it is asked", () -> !context.questions().isEmpty());
        ProcessHandle.of(bridge.stats().pid().orElseThrow()).orElseThrow().destroyForcibly();
        assertTrue(Await.failure(BridgeClosedException.class, stage).dispatched());
        Await.until("the question is withdrawn", thinking::isCancelled);
        Await.value(bridge.whenClosed());
    }

    // What the server announces

    private List<String> announced() {
        return heard.stream().map(RpcNotification::method).toList();
    }

    @Test
    void changesOfListsAreHeardWithoutTheNumberOfTheStream() {
        Bridge bridge = open(everything("--modern"));
        for (String list : List.of("tool", "prompt", "resource")) {
            said(call(bridge, "test_trigger_" + list + "_change", "{}"));
        }
        Await.until("all are heard", () -> heard.size() == 3);
        assertEquals(
                List.of(
                        "notifications/tools/list_changed",
                        "notifications/prompts/list_changed",
                        "notifications/resources/list_changed"),
                announced());
        heard.forEach(notification -> assertEquals("{}", String.valueOf(notification.params())));
    }

    @Test
    void listeningIsNoCallInFlight() {
        Bridge bridge = open(everything("--modern"));
        said(call(bridge, "test_trigger_tool_change", "{}"));
        Await.until("it is heard", () -> heard.size() == 1);
        assertEquals(0, bridge.stats().inFlight());
        assertEquals(1, bridge.stats().requests());
    }

    @Test
    void aWatchedResourceIsHeardOfFromTheSubscriptionToItsEnd() {
        Bridge bridge = open(everything("--modern"));
        JsonText watched = JsonText.of("{\"uri\":\"test://watched-resource\"}");
        said(call(bridge, "test_trigger_resource_update", "{}"));
        assertEquals(
                "{}",
                Await.value(bridge.request("resources/subscribe", watched, new RecordingCallContext()))
                        .orThrow()
                        .toString());
        said(call(bridge, "test_trigger_resource_update", "{}"));
        said(call(bridge, "test_trigger_tool_change", "{}"));
        Await.until("both are heard", () -> heard.size() == 2);
        assertEquals(List.of("notifications/resources/updated", "notifications/tools/list_changed"), announced());
        assertEquals(
                "{\"uri\":\"test://watched-resource\"}",
                String.valueOf(heard.get(0).params()));
        Await.value(bridge.request("resources/unsubscribe", watched, new RecordingCallContext()));
        Await.until("it is not heard any more", () -> {
            int before = heard.size();
            said(call(bridge, "test_trigger_resource_update", "{}"));
            said(call(bridge, "test_trigger_prompt_change", "{}"));
            Await.until(
                    "the last one is heard",
                    () -> announced().subList(before, heard.size()).contains("notifications/prompts/list_changed"));
            return !announced().subList(before, heard.size()).contains("notifications/resources/updated");
        });
    }

    @Test
    void theProcessAfterACrashIsListenedToAsTheOneBefore() {
        Connector connector = connector(everything("--modern"));
        Bridge first = Await.value(connector.connect(request(PATIENCE)));
        ProcessHandle.of(first.stats().pid().orElseThrow()).orElseThrow().destroyForcibly();
        Await.value(first.whenClosed());
        Bridge second = Await.value(connector.connect(request(PATIENCE)));
        said(call(second, "test_trigger_tool_change", "{}"));
        Await.until("it is heard", () -> heard.size() == 1);
        assertEquals(List.of("notifications/tools/list_changed"), announced());
        Await.value(second.closeAsync());
    }

    @Test
    void aServerThatLetsNobodyWatchSaysSo() {
        Bridge bridge = open(fake("discover=modern"));
        JsonText params = JsonText.of("{\"uri\":\"a:b\"}");
        RpcError error = assertInstanceOf(
                RpcError.class, Await.value(bridge.request("resources/subscribe", params, new RecordingCallContext())));
        assertEquals(RpcError.METHOD_NOT_FOUND, error.code());
    }

    @Test
    void whatBelongsToASessionIsNotToldToAServerThatHasNone() {
        Bridge bridge = open(fake("discover=modern"));
        Await.value(bridge.notify("notifications/roots/list_changed", null));
        Await.value(bridge.notify("notifications/of-its-own", null));
        assertEquals(
                "[\"notifications/of-its-own\"]",
                data(call(bridge, "received", "{}"))
                        .member("notifications")
                        .orElseThrow()
                        .toString());
    }
}
