package io.agenthub.mcp.internal.streamable;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.mcp.internal.streamable.FakeHttp.Request;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From which event ids a stream is taken up again, and what the server is then told. */
class StreamableResumptionTest extends StreamableFixture {
    /** A server with sessions that listens are sent to as well as calls. */
    private FakeHttp server(FakeHttp.Handler calls, FakeHttp.Handler listens) throws IOException {
        return keep(new FakeHttp((request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> initialize(request, answer, "session-1");
                case "server/discover" -> answer.status(400);
                case "tools/call" -> calls.handle(request, answer);
                default -> {
                    if (request.method().equals("GET")) {
                        listens.handle(request, answer);
                    } else {
                        answer.status(202);
                    }
                }
            }
        }));
    }

    private static List<Request> listens(FakeHttp http) {
        return http.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .toList();
    }

    private static String event(String id, String data) {
        return "id: " + id + "\nretry: 10\ndata: " + data + "\n\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {" e1", "e1 ", "e\t1"})
    void aCallWhoseEventIdNoHeaderCanCarryFailsAsOneWithoutAnId(String id) throws IOException {
        FakeHttp http = server(
                (request, answer) -> {
                    answer.stream();
                    answer.chunk(event(id, ""));
                    answer.end();
                },
                (request, answer) -> answer.status(405));
        assertTrue(assertFailsUnwrapped(ProtocolViolationException.class, call(open(http)))
                .dispatched());
        assertEquals(
                List.of(),
                listens(http).stream()
                        .filter(request -> request.headers().containsKey("last-event-id"))
                        .toList());
    }

    @Test
    void theFeedIsOpenedAgainAfterAnEventIdThatNoHeaderCanCarry() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        FakeHttp http = server((request, answer) -> answer.status(500), (request, answer) -> {
            answer.stream();
            if (opened.incrementAndGet() <= 2) {
                answer.chunk(event(" e1", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}"));
                answer.end();
            }
        });
        open(http);
        Await.until(
                "it was heard and the feed is open again",
                () -> heard.size() == 2 && listens(http).size() == 3);
        listens(http).forEach(request -> assertEquals("", request.header("last-event-id")));
    }

    @Test
    void anEventIdOfAnyLettersIsSentBackAsTheBytesThatItCameAs() throws IOException {
        String id = "ключ-é漢😀";
        FakeHttp http = server(
                (request, answer) -> {
                    answer.stream();
                    answer.chunk(event(id, ""));
                    answer.end();
                },
                (request, answer) -> {
                    if (request.header("last-event-id").isEmpty()) {
                        answer.status(405);
                    } else {
                        answer.stream();
                        answer.event("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
                    }
                });
        call(open(http));
        Await.until(
                "the stream is taken up",
                () -> listens(http).stream()
                        .anyMatch(request -> !request.header("last-event-id").isEmpty()));
        String sent = listens(http).stream()
                .map(request -> request.header("last-event-id"))
                .filter(header -> !header.isEmpty())
                .findFirst()
                .orElseThrow();
        assertEquals(id, new String(sent.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
}
