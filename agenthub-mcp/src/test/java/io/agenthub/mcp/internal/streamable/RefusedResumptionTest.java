package io.agenthub.mcp.internal.streamable;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.HttpStatusException;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.tck.Await;
import io.agenthub.tck.RecordingCallContext;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the server accepted, whose stream ended early, and whose rest it does not give. */
class RefusedResumptionTest extends StreamableFixture {
    private final AtomicInteger sessions = new AtomicInteger();

    /** A server that ends the stream of each call with nothing but an event id, and has this to say to whoever comes back. */
    private FakeHttp server(FakeHttp.Handler resumption) throws IOException {
        return server(resumption, "id: e1\nretry: 10\ndata: \n\n");
    }

    private FakeHttp server(FakeHttp.Handler resumption, String begin) throws IOException {
        return keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> initialize(request, answer, "session-" + sessions.incrementAndGet());
                case "server/discover" -> answer.status(400);
                case "tools/call" -> {
                    answer.stream();
                    answer.chunk(begin);
                    answer.end();
                }
                case "tools/list" -> answer.status(404);
                case "" -> {
                    if (request.header("last-event-id").isEmpty()) {
                        answer.status(request.method().equals("GET") ? 405 : 200);
                    } else {
                        resumption.handle(request, answer);
                    }
                }
                default -> answer.status(202);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 405, 410, 500})
    void isAFailureOfACallThatMayHaveRunAndIsNotSentAgain(int status) throws IOException {
        FakeHttp http = server((request, answer) -> answer.status(status));
        HttpStatusException failure = assertFailsUnwrapped(HttpStatusException.class, call(open(http)));

        assertEquals(status, failure.status());
        assertTrue(failure.dispatched(), "its work may be done");
        assertEquals(1, http.requests("tools/call").size());
        assertEquals(1, sessions.get());
    }

    @Test
    void isNoAnswerOfTheCallEvenWithAMessageInIt() throws IOException {
        FakeHttp http = server(
                (request, answer) -> answer.json(400, error("null", -32600, "This event id is of another server")));
        assertTrue(assertFailsUnwrapped(HttpStatusException.class, call(open(http)))
                .dispatched());
    }

    @Test
    void isTriedAgainWhereTheServerIsOnlyBusy() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        AtomicReference<FakeHttp> self = new AtomicReference<>();
        self.set(server((request, answer) -> {
            if (tries.incrementAndGet() < 3) {
                answer.status(503);
            } else {
                answer.stream();
                answer.event(result(self.get().requests("tools/call").get(0), "{\"late\":true}"));
                answer.end();
            }
        }));
        assertEquals("{\"late\":true}", value(call(open(self.get()))));
        assertEquals(1, self.get().requests("tools/call").size());
    }

    @Test
    void isNotAskedForInAnotherSession() throws IOException {
        FakeHttp http = server((request, answer) -> answer.status(500), "id: e1\nretry: 2000\ndata: \n\n");
        Bridge bridge = open(http);
        CompletionStage<RpcOutcome> call = call(bridge);
        Await.until("it is posted", () -> http.requests("tools/call").size() == 1);
        CompletionStage<RpcOutcome> other = bridge.request("tools/list", null, new RecordingCallContext());
        assertEquals(404, assertFailsUnwrapped(HttpStatusException.class, other).status());
        assertEquals(2, sessions.get(), "that the session is lost was seen by the other call");

        assertTrue(assertFailsUnwrapped(ProtocolViolationException.class, call).dispatched());
        assertTrue(http.requests("").stream()
                .allMatch(request -> request.header("last-event-id").isEmpty()));
    }
}
