package io.agenthub.mcp.internal.era;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.TckContext;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a stateless server, over a connection that does as it is told. */
class ModernBridgeTest {
    private final ManualScheduler time = new ManualScheduler();
    private final TckContext context = TckContext.manual(time);
    private final FakeBridge wire = new FakeBridge("s", context, notification -> {});
    private final ModernBridge bridge = new ModernBridge(
            "s",
            wire,
            new ServerInfo(
                    "2026-07-28",
                    "s",
                    "1",
                    JsonText.of("{\"resources\":{\"subscribe\":true}}"),
                    Optional.empty(),
                    JsonText.EMPTY_OBJECT),
            false,
            new EraMemory(time::nanoTime),
            context,
            notification -> {});

    private static RecordingCallContext willing() {
        return new RecordingCallContext()
                .client(new ClientProfile(
                        JsonText.of("{\"elicitation\":{}}"), Optional.empty(), Optional.empty(), false))
                .answering(JsonText.of("{\"action\":\"accept\"}"));
    }

    private void asksForInput(String input) {
        wire.on("tools/call", call -> call.answer(JsonText.of("{\"resultType\":\"input_required\"," + input + "}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"t\",\"inputResponses\":{},\"inputResponses\":{}}",
                "{\"name\":\"t\",\"requestState\":1,\"requestState\":2}"
            })
    void aCallWhoseParametersCannotHoldTheAnswersFailsAsABadRequest(String params) {
        asksForInput("\"inputRequests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{}}},\"requestState\":3");
        MalformedMessageException failure = Await.failure(
                MalformedMessageException.class, bridge.request("tools/call", JsonText.of(params), willing()));
        assertEquals(ErrorKind.BAD_REQUEST, failure.kind());
        assertTrue(failure.dispatched(), "the server asked, so it had the call");
        wire.exit(0);
        assertEquals(BridgeExit.Cause.EXITED, Await.value(bridge.whenClosed()).cause());
    }

    @Test
    void aCallWhoseParametersCannotHoldTheStateIsNotBlamedOnTheServer() {
        asksForInput("\"requestState\":3");
        JsonText params = JsonText.of("{\"name\":\"t\",\"requestState\":1,\"requestState\":2}");
        Await.failure(MalformedMessageException.class, bridge.request("tools/call", params, willing()));
    }

    @Test
    void aLaterRoundThatCannotBeSentIsNoReasonToSendTheCallAgain() {
        wire.on("tools/call", call -> {
            wire.on("tools/call", FakeScript.fail(new BusyException("s", "maxInFlight", 7)));
            call.answer(JsonText.of("{\"resultType\":\"input_required\",\"requestState\":3}"));
        });
        JsonText params = JsonText.of("{\"name\":\"t\"}");
        AgentHubException failure = Await.failure(
                AgentHubException.class, bridge.request("tools/call", params, new RecordingCallContext()));
        assertEquals(ErrorKind.BUSY, failure.kind());
        assertTrue(failure.dispatched(), failure.getMessage());
        assertFalse(failure.retryable());
        assertEquals(2, wire.calls("tools/call").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resources/subscribe", "resources/unsubscribe"})
    void aResourceThatIsNamedTwiceFailsTheRequestAsABadOne(String method) {
        JsonText params = JsonText.of("{\"uri\":\"a:1\",\"uri\":\"a:2\"}");
        Await.failure(MalformedMessageException.class, bridge.request(method, params, new RecordingCallContext()));
    }
}
