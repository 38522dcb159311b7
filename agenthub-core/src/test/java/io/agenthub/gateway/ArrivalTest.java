package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.internal.http.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the hub is told of the status of an answer is the status that the answer has. */
class ArrivalTest {
    private final GatewayHarness harness = GatewayHarness.open();
    private final AtomicReference<CallArrival> arrival = new AtomicReference<>();
    private final AtomicReference<OptionalInt> told = new AtomicReference<>();

    @AfterEach
    void close() {
        harness.close();
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of("a result", new RpcResult(JsonText.of("{\"a\":1}")), null),
                Arguments.of("an error", RpcError.of(-32000, "no", null), null),
                Arguments.of("an unknown method", RpcError.of(RpcError.METHOD_NOT_FOUND, "no", null), null),
                Arguments.of("a deadline", null, new CallTimeoutException("one", "x", Duration.ofSeconds(1), true)));
    }

    /** Does what a hub does: asks for the status when the outcome is known, then hands the outcome over. */
    private void answer(RpcOutcome outcome, Throwable failure) {
        harness.one.answer = sent -> {
            arrival.set(sent.options().arrival().orElseThrow());
            told.set(arrival.get().httpStatus(outcome, failure));
            CompletionStage<RpcOutcome> ended = outcome == null ? Promise.failed(failure) : Promise.succeeded(outcome);
            return ended;
        };
    }

    private int plain(String body) {
        try (RawClient client = new RawClient(harness.address)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return client.send("POST /mcp/one/tools/list HTTP/1.1\r\nHost: " + harness.host()
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                    .send(bytes)
                    .reply()
                    .status();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void ofThePlainProxy(String name, RpcOutcome outcome, Throwable failure) {
        answer(outcome, failure);
        assertEquals(OptionalInt.of(plain("{\"jsonrpc\":\"2.0\",\"id\":1}")), told.get(), "with an envelope");
        assertEquals(OptionalInt.of(plain("{}")), told.get(), "without one");
        assertEquals(Optional.empty(), arrival.get().era());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void ofSessions(String name, RpcOutcome outcome, Throwable failure) {
        McpClient client = new McpClient(harness, "/mcp/one");
        client.initialize("2025-11-25", "{}");
        answer(outcome, failure);
        try (Answer reply = client.call("1", "tools/list", "{}")) {
            assertEquals(OptionalInt.of(reply.status()), told.get());
        }
        assertEquals(Optional.of("legacy"), arrival.get().era());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void ofStatelessClients(String name, RpcOutcome outcome, Throwable failure) {
        answer(outcome, failure);
        try (Answer reply = new StatelessClient(harness, "/mcp/one").call("prompts/list", "{}")) {
            assertEquals(OptionalInt.of(reply.status()), told.get());
        }
        assertEquals(Optional.of("modern"), arrival.get().era());
    }

    @Test
    void ofAStreamThatIsOpenAlready() {
        RpcOutcome outcome = RpcError.of(RpcError.METHOD_NOT_FOUND, "no", null);
        harness.one.answer = sent -> {
            sent.options()
                    .listener()
                    .orElseThrow()
                    .notified(new RpcNotification(
                            "notifications/progress", JsonText.of("{\"progressToken\":1,\"progress\":1}")));
            told.set(sent.options().arrival().orElseThrow().httpStatus(outcome, null));
            return Promise.succeeded(outcome);
        };
        try (Answer reply = new StatelessClient(harness, "/mcp/one")
                .meta("progressToken", "1")
                .call("prompts/list", "{}")) {
            assertEquals(OptionalInt.of(reply.status()), told.get());
            assertEquals(200, reply.status());
        }
    }
}
