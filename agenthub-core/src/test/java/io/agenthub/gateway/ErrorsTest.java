package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.UnknownServerException;
import io.agenthub.gateway.internal.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of errors. */
class ErrorsTest {
    private static final Duration SOON = Duration.ofMillis(1_200);
    private final Errors errors = new Errors();

    static Stream<Arguments> table() {
        return Stream.of(
                row(400, "BAD_REQUEST", "", new MalformedMessageException(-32700, "Parse error")),
                row(400, "BAD_CONFIGURATION", "", new ConfigurationException("x", "is wrong")),
                row(404, "UNKNOWN_SERVER", "", new UnknownServerException("a", List.of())),
                row(413, "FRAME_TOO_LARGE", "", new FrameTooLongException("a", 10, false)),
                row(502, "FRAME_TOO_LARGE", "", new FrameTooLongException("a", 10, true)),
                row(429, "BUSY", "1", new BusyException("a", "maxInFlight", 1)),
                row(503, "BREAKER_OPEN", "2", new CircuitOpenException("a", SOON)),
                row(503, "NOT_READY", "2", new ServerNotReadyException("a", ServerState.BACKING_OFF, "x", SOON)),
                row(503, "NOT_READY", "", new ServerNotReadyException("a", ServerState.STOPPED, "x", null)),
                row(503, "NOT_READY", "", new HubClosedException(HubState.NEW, false)),
                row(503, "SHUTTING_DOWN", "1", new HubClosedException(HubState.STOPPING, false)),
                row(503, "SHUTTING_DOWN", "1", new HubClosedException(HubState.STOPPING, true)),
                row(502, "SPAWN_FAILED", "", connect(ErrorKind.SPAWN_FAILED)),
                row(502, "CHILD_EXITED", "", connect(ErrorKind.CHILD_EXITED)),
                row(504, "INIT_TIMEOUT", "", connect(ErrorKind.INIT_TIMEOUT)),
                row(502, "CHILD_EXITED", "", closed(BridgeExit.Cause.EXITED)),
                row(502, "CHILD_EXITED", "", closed(BridgeExit.Cause.OUTPUT_CLOSED)),
                row(502, "CHILD_STALLED", "", closed(BridgeExit.Cause.STALLED)),
                row(502, "CHILD_PROTOCOL", "", closed(BridgeExit.Cause.PROTOCOL)),
                row(503, "SHUTTING_DOWN", "1", closed(BridgeExit.Cause.REQUESTED)),
                row(504, "DEADLINE", "", new CallTimeoutException("a", "m", SOON, true)),
                row(503, "CANCELLED", "", new CancellationException()),
                row(500, "INTERNAL", "", new IllegalStateException("secret")),
                row(500, "INTERNAL", "", new StackOverflowError()));
    }

    private static Arguments row(int status, String kind, String retryAfter, Throwable failure) {
        return Arguments.of(status, kind, retryAfter, failure);
    }

    private static ConnectException connect(ErrorKind kind) {
        return new ConnectException(kind, "a", "Server 'a' could not be started", null, null);
    }

    private static BridgeClosedException closed(BridgeExit.Cause cause) {
        return new BridgeClosedException("a", BridgeExit.of(cause, "it is gone"), true);
    }

    private static String text(Response response) {
        StringBuilder text = new StringBuilder();
        response.body().forEach(part -> text.append(StandardCharsets.UTF_8.decode(part.duplicate())));
        return text.toString();
    }

    private static JsonText json(Response response) {
        return JsonText.of(text(response));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("table")
    void eachFailureHasItsStatusItsKindAndItsTime(int status, String kind, String retryAfter, Throwable failure) {
        for (Response response : List.of(errors.plain(failure), errors.rpc(JsonText.of("7"), failure))) {
            assertEquals(status, response.status());
            assertEquals(retryAfter, response.headers().getOrDefault("retry-after", ""));
            assertTrue(text(response).contains("\"kind\":\"" + kind + "\""), text(response));
            assertFalse(text(response).contains("secret"), text(response));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("table")
    void eachJsonRpcErrorHasACodeThatTheSpecificationAllows(int status, String kind, String retry, Throwable failure) {
        JsonText error =
                json(errors.rpc(JsonText.of("\"x\""), failure)).member("error").orElseThrow();
        int code = Integer.parseInt(error.member("code").orElseThrow().toString());

        boolean defined = List.of(-32700, -32600, -32603).contains(code);
        assertTrue(defined || code > -32000, error.toString());
        assertEquals(defined, status == 400 || status == 500);
        assertEquals(
                error, json(errors.rpc(JsonText.NULL, failure)).member("error").orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void noKindIsForgotten(ErrorKind kind) {
        AgentHubException failure = new AgentHubException(kind, "x", null, false, null) {
            private static final long serialVersionUID = 1L;
        };

        int status = errors.plain(failure).status();

        assertTrue(status >= 400 && status < 600);
    }

    @Test
    void dataSaysWhatAProgramCanActOn() {
        BridgeExit killed = BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 137, "stderr");
        BridgeExit failed = BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 3, "stderr");

        assertEquals(
                "{\"kind\":\"CHILD_EXITED\",\"server\":\"a\",\"dispatched\":true,\"retryable\":false,\"signal\":9}",
                errors.error(new BridgeClosedException("a", killed, true))
                        .data()
                        .orElseThrow()
                        .toString());
        assertEquals(
                "{\"kind\":\"CHILD_EXITED\",\"server\":\"a\",\"dispatched\":false,\"retryable\":true,\"exitCode\":3}",
                errors.error(new BridgeClosedException("a", failed, false))
                        .data()
                        .orElseThrow()
                        .toString());
        assertEquals(
                "{\"kind\":\"BREAKER_OPEN\",\"server\":\"a\",\"dispatched\":false,\"retryable\":true,\"retryAfterMs\":1200}",
                errors.error(new CircuitOpenException("a", SOON))
                        .data()
                        .orElseThrow()
                        .toString());
    }

    @ParameterizedTest
    @MethodSource("paths")
    void whereFilesLieIsNotTold(String told, String message) {
        ConnectException failure = new ConnectException(ErrorKind.SPAWN_FAILED, "a", message, null, null);

        assertEquals(told, errors.error(failure).message());
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of(
                        "Cannot run 'python3': no such file",
                        "Cannot run '/home/alice/.venv/bin/python3': no such file"),
                Arguments.of(
                        "command 'x' was not found in PATH; install it or give its full path",
                        "command 'x' was not found in PATH (/usr/local/bin:/usr/bin:/bin); install it or give its full path"),
                Arguments.of(
                        "command 'x' was not found in PATH; install it or give its full path",
                        "command 'x' was not found in PATH (C:\\Program Files (x86)\\a;D:\\b); install it or give its full path"),
                Arguments.of("Cannot run x.exe", "Cannot run C:\\Users\\alice\\x.exe"),
                Arguments.of("in secret.json, line 3", "in /etc/agenthub/secret.json, line 3"),
                Arguments.of("did not answer tools/call within 5 ms", "did not answer tools/call within 5 ms"),
                Arguments.of("read http://localhost/x", "read http://localhost/x"));
    }

    @Test
    void onMcpRoutesARefusalIsJsonRpcWithoutAnId() {
        Throwable failure = new BusyException(null, "maxBodies", 1);

        assertTrue(text(errors.render(failure, "/mcp/one/ping"))
                .startsWith("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":429,"));
        assertTrue(text(errors.render(failure, "/mcp")).startsWith("{\"jsonrpc\":\"2.0\",\"error\":"));
        assertTrue(text(errors.render(failure, "/mcpx")).startsWith("{\"error\":{\"kind\":\"BUSY\","));
        assertTrue(text(errors.render(failure, "")).startsWith("{\"error\":{\"kind\":\"BUSY\","));
    }
}
