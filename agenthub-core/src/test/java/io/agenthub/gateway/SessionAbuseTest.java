package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions that are missing, doubled, unknown, over, too old, or somebody else's: with each method, and nothing for a server. */
class SessionAbuseTest {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private final ManualScheduler time = new ManualScheduler();
    private final GatewayHarness harness = GatewayHarness.open(builder -> builder, time);

    @AfterEach
    void close() {
        harness.close();
    }

    private McpClient begun() {
        McpClient client = new McpClient(harness, "/mcp/one").with("authorization", "Bearer mine");
        client.initialize("2025-11-25", "{}").body();
        return client;
    }

    private String session() {
        return new McpClient(harness, "/mcp/one")
                .with("authorization", "Bearer mine")
                .initialize("2025-11-25", "{}")
                .header("mcp-session-id")
                .orElseThrow();
    }

    /** What a request shows of itself: a path, and its lines on who it is. */
    record Shown(String path, List<String> lines) {}

    private static Shown mine(String... ids) {
        return new Shown(
                "/mcp/one",
                Stream.concat(
                                Stream.of("Authorization: Bearer mine"),
                                Stream.of(ids).map(id -> "Mcp-Session-Id: " + id))
                        .toList());
    }

    static Stream<Arguments> spoiled() {
        return Stream.of("POST", "GET", "DELETE")
                .flatMap(method -> Stream.<Arguments>of(
                        row(method, "missing", 400, id -> mine()),
                        row(method, "empty", 400, id -> mine("")),
                        row(method, "doubled", 400, id -> mine(id, id)),
                        row(method, "with another", 400, id -> mine(id, "other")),
                        row(method, "two in one", 404, id -> mine(id + "," + id)),
                        row(method, "unknown", 404, id -> mine("A".repeat(id.length()))),
                        row(method, "cut", 404, id -> mine(id.substring(1))),
                        row(method, "in other letters", 404, id -> mine(swapped(id))),
                        row(method, "a number", 404, id -> mine("session-1")),
                        row(
                                method,
                                "somebody else's",
                                404,
                                id -> new Shown(
                                        "/mcp/one", List.of("Authorization: Bearer yours", "Mcp-Session-Id: " + id))),
                        row(method, "nobody's", 404, id -> new Shown("/mcp/one", List.of("Mcp-Session-Id: " + id))),
                        row(method, "another server's", 404, id -> new Shown("/mcp/two", mine(id).lines())),
                        row(method, "of all servers", 404, id -> new Shown("/mcp", mine(id).lines()))));
    }

    private static String swapped(String id) {
        String lower = id.toLowerCase(java.util.Locale.ROOT);
        return lower.equals(id) ? id.toUpperCase(java.util.Locale.ROOT) : lower;
    }

    private static Arguments row(String method, String name, int status, Function<String, Shown> spoil) {
        return Arguments.of(method, name, status, spoil);
    }

    private RawClient.Reply send(String method, Shown shown) {
        String body = method.equals("POST") ? LIST : "";
        String type = method.equals("POST") ? "Content-Type: application/json\r\n" : "";
        return harness.client()
                .send(method + " " + shown.path() + " HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nAccept: application/json, text/event-stream\r\n" + type
                        + String.join("\r\n", shown.lines()) + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .reply();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("spoiled")
    void aSessionThatIsNotTheCallersOwn(String method, String name, int status, Function<String, Shown> spoil) {
        String id = session();
        RawClient.Reply reply = send(method, spoil.apply(id));

        assertEquals(status, reply.status(), reply.body());
        assertEquals(
                "-32600",
                JsonText.of(reply.body()).at("/error/code").orElseThrow().toString());
        assertEquals(0, harness.hub.dispatched());
        assertEquals(200, send("POST", mine(id)).status(), "the session itself goes on");
    }

    @Test
    void aSessionThatWasNotUsedForHalfAnHourIsNotFoundAnyMore() {
        McpClient client = begun();
        time.advance(Duration.ofMinutes(29));
        assertEquals(200, client.call("1", "tools/list", "{}").status());
        time.advance(Duration.ofMinutes(29));
        assertEquals(200, client.call("2", "tools/list", "{}").status());
        harness.one.sent.clear();
        time.advance(Duration.ofMinutes(31));

        assertEquals(404, client.call("3", "tools/list", "{}").status());
        assertEquals(404, client.send("GET", null).status());
        assertEquals(404, client.send("DELETE", null).status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aSessionThatIsListenedToOrCallsIsNotTooOld() {
        McpClient listens = begun();
        Answer stream = listens.send("GET", null);
        assertEquals(200, stream.status());
        time.advance(Duration.ofHours(2));

        assertEquals(200, listens.call("1", "tools/list", "{}").status());
        stream.close();
    }

    @Test
    void beyondTheMostSessionsOneMoreTakesThePlaceOfOneThatIsIdleForAMinuteAndOfNoneBefore() {
        String first = session();
        time.advance(Duration.ofSeconds(1));
        for (int i = 1; i < 1_000; i++) {
            begin();
        }
        time.advance(Duration.ofSeconds(58));
        RawClient.Reply refused = begin();
        assertEquals(429, refused.status(), refused.body());
        time.advance(Duration.ofSeconds(1));

        assertEquals(200, begin().status());
        assertEquals(404, send("POST", mine(first)).status());
    }

    private final RawClient kept = harness.client();

    private RawClient.Reply begin() {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                + "\"2025-11-25\",\"capabilities\":{}}}";
        return kept.send("POST /mcp/one HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer mine\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .reply();
    }

    @Test
    void aSessionEndsWithTheGatewayAndIsUnknownToTheNext() {
        String id = session();
        try (GatewayHarness other = GatewayHarness.open()) {
            McpClient client = new McpClient(other, "/mcp/one")
                    .with("authorization", "Bearer mine")
                    .with("mcp-session-id", id);
            assertEquals(404, client.call("1", "tools/list", "{}").status());
            assertEquals(0, other.hub.dispatched());
        }
        Await.until("this one still knows it", () -> send("POST", mine(id)).status() == 200);
    }
}
