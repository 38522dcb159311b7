package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a bridge does beside requests and answers: notifications both ways, progress, and questions of the server. */
public abstract class BridgeSideMessagesTck extends BridgeFixture {
    private static final String ANY = "{}";

    /** For subclasses. */
    protected BridgeSideMessagesTck() {}

    @Test
    void aNotificationOfTheClientReachesTheServerInOrderWithRequests() {
        Bridge bridge = bridge();
        Await.value(bridge.notify("notifications/roots/list_changed", null));
        Await.value(bridge.notify("notifications/x", JsonText.of("{\"a\":1}")));
        assertEquals(
                "[\"notifications/initialized\",\"notifications/roots/list_changed\",\"notifications/x\"]",
                received(bridge)
                        .member("notifications")
                        .orElseThrow()
                        .toString()
                        .replace(" ", ""));
    }

    @Test
    void notificationsOutsideCallsReachTheListenerInOrder() {
        Bridge bridge = bridge();
        Await.value(call(bridge, "notify", "{\"method\":\"notifications/tools/list_changed\",\"count\":100}"));
        Await.until("all are heard", () -> heard.size() == 100);
        for (int i = 0; i < 100; i++) {
            assertEquals("notifications/tools/list_changed", heard.get(i).method());
            assertEquals("{\"n\":" + (i + 1) + "}", String.valueOf(heard.get(i).params()));
        }
    }

    @Test
    void progressReachesItsCallInOrderAndNeverAfterItsEnd() {
        Bridge bridge = bridge();
        RecordingCallContext context = new RecordingCallContext(true);
        CompletionStage<RpcOutcome> stage = call(bridge, "progress", "{\"steps\":50,\"after\":50}", context);
        CompletionStage<RpcOutcome> watched = stage.whenComplete((outcome, failure) -> context.ended());
        assertEquals("true", data(watched).toString());
        received(bridge);
        assertEquals(List.of(), context.late());
        assertEquals(50, context.notifications().size());
        for (int i = 0; i < 50; i++) {
            RpcNotification step = context.notifications().get(i);
            assertEquals("notifications/progress", step.method());
            assertEquals(
                    Integer.toString(i + 1),
                    step.params().member("progress").orElseThrow().toString());
            assertTrue(step.params().member("progressToken").isEmpty(), "the private token is shown");
        }
        assertEquals(List.of(), heard);
    }

    @Test
    void aProgressTokenOfTheCallerIsReplacedByOneOfTheBridgesOwn() {
        Bridge bridge = bridge();
        JsonText params =
                JsonText.of("{\"name\":\"meta\",\"_meta\":{\"progressToken\":\"mine\",\"traceparent\":\"00-1\"}}");
        JsonText one = data(bridge.request("tools/call", params, new RecordingCallContext(true)));
        JsonText two = data(bridge.request("tools/call", params, new RecordingCallContext(true)));
        assertEquals("\"00-1\"", one.member("traceparent").orElseThrow().toString());
        assertNotEquals("\"mine\"", one.member("progressToken").orElseThrow().toString());
        assertNotEquals(one.member("progressToken"), two.member("progressToken"));
    }

    @Test
    void logMessagesDuringACallAreHeardOnceAndInOrder() {
        Bridge bridge = bridge();
        RecordingCallContext context = new RecordingCallContext(true);
        Await.value(call(bridge, "log", "{\"steps\":20}", context));
        Await.until(
                "all are heard", () -> heard.size() + context.notifications().size() == 20);
        List<RpcNotification> messages = new ArrayList<>(context.notifications());
        messages.addAll(heard);
        for (int i = 0; i < 20; i++) {
            assertEquals("notifications/message", messages.get(i).method());
            assertEquals(
                    Integer.toString(i + 1),
                    messages.get(i).params().member("data").orElseThrow().toString());
        }
    }

    @Test
    void aQuestionDuringACallIsAskedThereAndItsAnswerReachesTheServer() {
        RecordingCallContext context = new RecordingCallContext().answering(JsonText.of("{\"action\":\"decline\"}"));
        CompletionStage<RpcOutcome> stage = call(
                bridge(),
                "ask",
                "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"é?\"},\"id\":\"q-1\"}",
                context);
        assertEquals("{\"result\":{\"action\":\"decline\"}}", data(stage).toString());
        RpcRequest question = context.questions().get(0);
        assertEquals("\"q-1\"", question.id().toString());
        assertEquals("elicitation/create", question.method());
        assertEquals("{\"message\":\"é?\"}", String.valueOf(question.params()));
        assertEquals(1, context.questions().size());
    }

    @Test
    void anErrorAnsweredToAQuestionReachesTheServer() {
        RecordingCallContext context =
                new RecordingCallContext().answering(q -> Promise.succeeded(RpcError.of(-1, "declined", null)));
        JsonText answer = data(call(bridge(), "ask", ANY, context));
        assertEquals("-1", answer.at("/error/code").orElseThrow().toString());
    }

    @Test
    void aQuestionWhoseAnswerFailsIsStillAnswered() {
        RecordingCallContext context =
                new RecordingCallContext().answering(q -> Promise.failed(new IllegalStateException("secret detail")));
        JsonText answer = data(call(bridge(), "ask", ANY, context));
        assertTrue(answer.at("/error/code").isPresent(), answer.toString());
        assertFalse(answer.toString().contains("secret detail"), answer.toString());
    }

    @Test
    void aQuestionOutsideCallsIsRefusedWithMethodNotFound() {
        Bridge bridge = bridge();
        Await.value(call(bridge, "ask-later", "{\"method\":\"sampling/createMessage\"}"));
        Await.until(
                "the server is answered",
                () -> received(bridge).at("/answers/0").isPresent());
        assertEquals(
                "-32601",
                received(bridge).at("/answers/0/error/code").orElseThrow().toString());
    }

    @Test
    void aPingOfTheServerIsAnsweredOutsideCallsToo() {
        Bridge bridge = bridge();
        Await.value(call(bridge, "ask-later", "{\"method\":\"ping\"}"));
        Await.until(
                "the server is answered",
                () -> received(bridge).at("/answers/0").isPresent());
        assertEquals(
                "{\"result\":{}}",
                received(bridge).at("/answers/0").orElseThrow().toString());
    }
}
