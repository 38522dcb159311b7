package io.agenthub.mcp.internal.streamable;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.bridge.HttpStatusException;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.mcp.internal.streamable.FakeHttp.Request;
import io.agenthub.tck.Await;
import io.agenthub.tck.RecordingCallContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bridge makes of a server, or of something in front of it, that does not do what it should. */
class StreamableFaultsTest extends StreamableFixture {
    @Test
    void anAnswerThatComesByteByByteIsPutTogether() throws IOException {
        FakeHttp http = session((request, answer) -> {
            answer.stream();
            String stream = ": keep-alive\r\n\r\nid: 7\r\nevent: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":"
                    + request.id() + ",\r\ndata: \"result\":{\"text\":\"é漢😀\"}}\r\n\r\n";
            byte[] bytes = stream.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (byte b : bytes) {
                answer.raw("1\r\n");
                answer.raw(new byte[] {b});
                answer.raw("\r\n");
            }
            answer.end();
        });
        assertEquals("{\"text\":\"é漢😀\"}", value(call(open(http))));
    }

    @Test
    void aConnectionResetInTheMiddleOfAnAnswerFailsTheCallWhichMayHaveRun() throws IOException {
        FakeHttp http = session((request, answer) -> {
            answer.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"jsonrpc\"");
            answer.reset();
        });
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, call(open(http)));
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(BridgeExit.Cause.EXITED, failure.exit().cause());
        assertTrue(failure.dispatched());
    }

    @Test
    void aStreamThatEndsWithoutAnAnswerFailsTheCall() throws IOException {
        FakeHttp http = session((request, answer) -> {
            answer.stream();
            answer.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":1}}");
            answer.end();
        });
        Bridge bridge = open(http);
        assertTrue(assertFailsUnwrapped(ProtocolViolationException.class, call(bridge))
                .dispatched());
        assertEquals(
                "{}",
                Await.value(bridge.request("ping", null, new RecordingCallContext()))
                        .orThrow()
                        .toString());
    }

    @Test
    void aBrokenStreamWithEventIdsIsTakenUpAgainAndTheCallIsNotSentTwice() throws IOException {
        List<String> asked = new ArrayList<>();
        FakeHttp http = keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> initialize(request, answer, "s");
                case "server/discover" -> answer.status(404);
                case "tools/call" -> {
                    asked.add(request.id());
                    answer.stream();
                    answer.chunk("id: first\nretry: 30\ndata:\n\n");
                    answer.reset();
                }
                case "" -> {
                    if (request.header("last-event-id").equals("first")) {
                        answer.stream();
                        answer.chunk("id: second\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + asked.get(0)
                                + ",\"result\":{\"late\":true}}\n\n");
                        answer.end();
                    } else {
                        answer.status(405);
                    }
                }
                default -> answer.status(202);
            }
        }));
        assertEquals("{\"late\":true}", value(call(open(http))));
        assertEquals(1, asked.size());
    }

    @Test
    void aSessionThatTheServerForgotIsRenewedOnceForAllCallsThatHitIt() throws IOException {
        AtomicInteger initialized = new AtomicInteger();
        FakeHttp http = session((request, answer) -> {
            if (request.header("mcp-session-id").equals("session-1")) {
                answer.json(404, error("null", -32001, "Session not found"));
            } else {
                initialized.incrementAndGet();
                answer.json(200, result(request, "{\"in\":\"" + request.header("mcp-session-id") + "\"}"));
            }
        });
        Bridge bridge = open(http);
        List<RecordingCallContext> callers = new ArrayList<>();
        List<CompletionStage<RpcOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(new RecordingCallContext());
            calls.add(call(bridge, callers.get(i)));
        }
        for (CompletionStage<RpcOutcome> call : calls) {
            assertEquals("{\"in\":\"session-2\"}", value(call));
        }
        assertEquals(2, http.requests("initialize").size());
        assertEquals("", http.requests("initialize").get(1).header("mcp-session-id"));
        callers.forEach(caller -> assertEquals(1, caller.dispatches()));
    }

    @Test
    void aCallRefusedInTheRenewedSessionTooFailsAndWasNotRun() throws IOException {
        FakeHttp http = session((request, answer) -> answer.status(404));
        HttpStatusException failure = assertFailsUnwrapped(HttpStatusException.class, call(open(http)));
        assertEquals(404, failure.status());
        assertFalse(failure.dispatched());
        assertEquals(2, http.requests("tools/call").size());
    }

    @Test
    void aSessionIsRenewedThoughTheCallThatSawItsEndTakesTheLastPlace() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        FakeHttp http = session((request, answer) -> {
            if (calls.incrementAndGet() == 1) {
                answer.status(404);
            } else {
                answer.json(200, result(request, "{\"ok\":1}"));
            }
        });
        assertEquals("{\"ok\":1}", value(call(open(spec(http.url()).limits(ONE_AT_A_TIME)))));
    }

    @Test
    void aStreamThatTheServerLeavesOpenAfterItsAnswerHoldsNoConnection() throws IOException {
        FakeHttp http = session((request, answer) -> {
            answer.stream();
            answer.event(result(request, "{\"ok\":1}"));
        });
        Bridge bridge = open(spec(http.url()).setting("maxConnections", 1));

        assertEquals("{\"ok\":1}", value(call(bridge)));
        assertEquals("{\"ok\":1}", value(call(bridge)));
    }

    @Test
    void aSessionThatCannotBeRenewedEndsTheBridge() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        FakeHttp http = keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> {
                    if (opened.incrementAndGet() == 1) {
                        initialize(request, answer, "s");
                    } else {
                        answer.status(500);
                    }
                }
                case "notifications/initialized" -> answer.status(202);
                case "server/discover" -> answer.status(400);
                default -> answer.status(request.method().equals("GET") ? 405 : 404);
            }
        }));
        Bridge bridge = open(http);
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, call(bridge));
        assertFalse(failure.dispatched(), "a server that does not know the session has not run the call");
        assertEquals(BridgeExit.Cause.EXITED, Await.value(bridge.whenClosed()).cause());
    }

    @ParameterizedTest
    @CsvSource({
        "401, CHILD_PROTOCOL, false, false",
        "403, CHILD_PROTOCOL, false, false",
        "429, BUSY, false, true",
        "500, CHILD_PROTOCOL, true, false",
        "502, CHILD_PROTOCOL, true, false",
        "503, CHILD_PROTOCOL, true, false"
    })
    void aStatusIsATypedFailure(int status, ErrorKind kind, boolean dispatched, boolean retryable) throws IOException {
        FakeHttp http = session((request, answer) ->
                answer.body(status, "<html>" + SECRET + "</html>", "Retry-After: 7", "Content-Type: text/html"));
        HttpStatusException failure = assertFailsUnwrapped(HttpStatusException.class, call(open(http)));
        assertEquals(status, failure.status());
        assertEquals(kind, failure.kind());
        assertEquals(dispatched, failure.dispatched());
        assertEquals(retryable, failure.retryable());
        assertEquals(Optional.of(Duration.ofSeconds(7)), failure.retryAfter());
        assertFalse(failure.getMessage().contains(SECRET), failure.getMessage());
        assertFalse(failure.getMessage().contains("html"), failure.getMessage());
    }

    @Test
    void anErrorOfTheServerIsAValueWhateverTheStatus() throws IOException {
        FakeHttp http = session((request, answer) -> answer.json(500, error(request.id(), -32603, "it broke")));
        assertEquals(
                -32603,
                assertInstanceOf(RpcError.class, Await.value(call(open(http)))).code());
    }

    @Test
    void aRedirectIsNotFollowedAndItsHostIsNamed() throws IOException {
        FakeHttp other = keep(new FakeHttp((request, answer) -> answer.status(200)));
        FakeHttp http = session((request, answer) ->
                answer.status(307, "Location: http://localhost:" + other.port() + "/mcp?key=" + SECRET));
        HttpStatusException failure = assertFailsUnwrapped(HttpStatusException.class, call(open(http)));
        assertTrue(failure.getMessage().contains("'localhost'"), failure.getMessage());
        assertFalse(failure.getMessage().contains(SECRET), failure.getMessage());
        assertFalse(failure.dispatched());
        assertEquals(0, other.connections());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n\r\n"
            })
    void whatIsNoAnswerOfTheProtocolFailsTheCallAlone(String raw) throws IOException {
        FakeHttp http = session((request, answer) -> answer.raw(raw));
        Bridge bridge = open(http);
        ProtocolViolationException failure = assertFailsUnwrapped(ProtocolViolationException.class, call(bridge));
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.dispatched());
        assertEquals(
                "{}",
                Await.value(bridge.request("ping", null, new RecordingCallContext()))
                        .orThrow()
                        .toString());
    }

    @Test
    void anAnswerThatNobodyAskedForIsNeverGivenToTheNextCall() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        FakeHttp http = session((request, answer) -> {
            String mine = result(request, "{\"n\":" + calls.incrementAndGet() + "}");
            int next = Integer.parseInt(request.id()) + 1;
            String forged = "{\"jsonrpc\":\"2.0\",\"id\":" + next + ",\"result\":{\"forged\":true}}";
            answer.raw(json(mine) + json(forged));
        });
        Bridge bridge = open(spec(http.url()).setting("maxConnections", 1));
        List<CompletionStage<RpcOutcome>> waiting =
                List.of(call(bridge), call(bridge), call(bridge), call(bridge), call(bridge));
        for (int i = 1; i <= 5; i++) {
            assertEquals("{\"n\":" + i + "}", value(waiting.get(i - 1)));
        }
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsTooLongFailsTheCallAndClosesItsConnection(boolean stream) throws IOException {
        FakeHttp http = session((request, answer) -> {
            String filling = "x".repeat(65_536);
            answer.raw("HTTP/1.1 200 OK\r\nContent-Type: " + (stream ? "text/event-stream" : "application/json")
                    + "\r\n\r\ndata: \"");
            for (int i = 0; i < 4_096; i++) {
                answer.raw(filling);
            }
        });
        Bridge bridge = open(spec(http.url()).limits(new ServerLimits(16, 1 << 20, 0, 100_000)));
        assertTrue(
                assertFailsUnwrapped(FrameTooLongException.class, call(bridge)).dispatched());
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void headersBeyondTheirBoundFailTheCall() throws IOException {
        FakeHttp http = session((request, answer) -> {
            answer.raw("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 1_000; i++) {
                answer.raw("X-" + i + ": " + "y".repeat(100) + "\r\n");
            }
        });
        assertFailsUnwrapped(AgentHubException.class, call(open(http)));
    }

    @Test
    void aServerThatIsNotThereIsAFailureOfTheInfrastructureAndNothingWasSent() throws IOException {
        FakeHttp http = session((request, answer) -> answer.status(500));
        Bridge bridge = open(http);
        http.close();
        Await.until("the server is gone", () -> http.openConnections() == 0);
        // A connection that was kept may be found closed only when it is used.
        Await.until("kept connections are gone", () -> Await.failure(call(bridge)) instanceof ConnectException);
        RecordingCallContext caller = new RecordingCallContext();
        ConnectException failure = assertFailsUnwrapped(ConnectException.class, call(bridge, caller));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(failure.kind().isInfrastructureFault());
        assertFalse(failure.dispatched());
        assertEquals(0, caller.dispatches());
        assertEquals(
                ErrorKind.SPAWN_FAILED,
                assertFailsUnwrapped(ConnectException.class, connect(spec(http.url())))
                        .kind());
    }

    @Test
    void aServerThatHangsIsToldOfTheCancellationAndOthersAreServed() throws IOException {
        FakeHttp http = session((request, answer) -> {});
        Bridge bridge = open(spec(http.url()).setting("maxConnections", 2));
        List<CompletionStage<RpcOutcome>> calls = List.of(call(bridge), call(bridge), call(bridge));
        Await.until("two are sent", () -> http.requests("tools/call").size() == 2);
        assertEquals(
                "{}",
                Await.value(bridge.request("ping", null, new RecordingCallContext()))
                        .orThrow()
                        .toString());
        calls.get(0).toCompletableFuture().cancel(true);
        Await.until(
                "the server is told",
                () -> !http.requests("notifications/cancelled").isEmpty());
        Request told = http.requests("notifications/cancelled").get(0);
        // Ids rise in the order of the calls; on two connections either may arrive first.
        assertEquals(
                http.requests("tools/call").stream().map(Request::id).min(Comparator.naturalOrder()),
                told.json().at("/params/requestId").map(Object::toString));
        assertEquals(2, http.requests("tools/call").size(), "the third waits for a connection");
    }

    @Test
    void closingEndsTheSessionAtTheServer() throws IOException {
        FakeHttp http = session((request, answer) -> {});
        Bridge bridge = open(http);
        CompletionStage<RpcOutcome> pending = call(bridge);
        Await.until("it is sent", () -> http.requests("tools/call").size() == 1);
        Await.value(bridge.closeAsync());
        assertFailsUnwrapped(BridgeClosedException.class, pending);
        Request last = http.requests().get(http.requests().size() - 1);
        assertEquals("DELETE", last.method());
        assertEquals("session-1", last.header("mcp-session-id"));
        assertEquals("2025-11-25", last.header("mcp-protocol-version"));
        Await.until("every connection is closed", () -> http.openConnections() == 0);
    }

    @Test
    void theOperatorsHeadersGoWithEveryRequestAndAreShownNowhere() throws IOException {
        FakeHttp http = session((request, answer) ->
                answer.json(400, error("\"x\"", -1, "you sent " + request.header("authorization"))));
        Bridge bridge = open(http);
        HttpStatusException failure = assertFailsUnwrapped(HttpStatusException.class, call(bridge));
        assertFalse(failure.getMessage().contains(SECRET), failure.getMessage());
        assertTrue(failure.getMessage().contains("you sent"), failure.getMessage());
        for (Request request : http.requests()) {
            assertEquals("Bearer " + SECRET, request.header("authorization"));
            assertEquals("", request.header("accept-encoding"));
        }
        assertFalse(bridge.toString().contains(SECRET));
    }
}
