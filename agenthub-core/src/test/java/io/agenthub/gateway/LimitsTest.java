package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bound one below, at, and one above. */
class LimitsTest {
    private static final int LINE = 200;
    private static final int HEADERS = 600;
    private static final int HEADER_LINES = 10;
    private static final int BODY = 40_000;
    private static final GatewayHarness HARNESS = GatewayHarness.open(config -> config.maxLineBytes(LINE)
            .maxHeaderBytes(HEADERS)
            .maxHeaders(HEADER_LINES)
            .maxBodyBytes(BODY)
            .maxBufferedBytes(60_000));

    @AfterAll
    static void close() {
        HARNESS.close();
    }

    private static Reply send(String request) {
        try (RawClient client = new RawClient(HARNESS.address)) {
            return client.send(request).reply();
        }
    }

    private static String hostLine() {
        return "Host: " + HARNESS.host() + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theRequestLineIsBounded(int beyond) {
        String frame = "GET /ready? HTTP/1.1";
        String line = "GET /ready?" + "x".repeat(LINE + beyond - frame.length()) + " HTTP/1.1";

        assertEquals(
                beyond > 0 ? 414 : 200,
                send(line + "\r\n" + hostLine() + "\r\n").status());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theHeadersTogetherAreBounded(int beyond) {
        String fixed = hostLine() + "X: \r\n";
        String headers = hostLine() + "X: " + "y".repeat(HEADERS + beyond - fixed.length()) + "\r\n";

        assertEquals(
                beyond > 0 ? 431 : 200,
                send("GET /ready HTTP/1.1\r\n" + headers + "\r\n").status());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theNumberOfHeadersIsBounded(int beyond) {
        String headers = hostLine() + "X: y\r\n".repeat(HEADER_LINES + beyond - 1);

        assertEquals(
                beyond > 0 ? 431 : 200,
                send("GET /ready HTTP/1.1\r\n" + headers + "\r\n").status());
    }

    private static String body(int length) {
        String frame = "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"x\":\"\"}}";
        return frame.replace("\"\"", "\"" + "y".repeat(length - frame.length()) + "\"");
    }

    private static String head(String framing) {
        return "POST /mcp/one/ping HTTP/1.1\r\n" + hostLine() + "Content-Type: application/json\r\n" + framing
                + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theBodyIsBounded(int beyond) {
        String body = body(BODY + beyond);

        assertEquals(
                beyond > 0 ? 413 : 200,
                send(head("Content-Length: " + body.length()) + body).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aBodyInChunksIsBounded(int beyond) {
        StringBuilder chunks = new StringBuilder();
        String body = body(BODY + beyond);
        for (int from = 0; from < body.length(); from += 1_000) {
            String chunk = body.substring(from, Math.min(body.length(), from + 1_000));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }

        assertEquals(
                beyond > 0 ? 413 : 200,
                send(head("Transfer-Encoding: chunked") + chunks + "0\r\n\r\n").status());
    }

    @Test
    void aBodyThatIsTooLongIsRefusedBeforeItIsSent() {
        try (RawClient client = new RawClient(HARNESS.address)) {
            Reply reply = client.send(head("Content-Length: 999999999999")).reply();

            assertEquals(413, reply.status());
            assertTrue(reply.body().contains("\"kind\":\"FRAME_TOO_LARGE\""), reply.body());
            assertTrue(reply.body().contains("40000"), reply.body());
        }
    }

    @Test
    void anEndlessBodyIsCutOff() {
        try (RawClient client = new RawClient(HARNESS.address)) {
            client.send(head("Transfer-Encoding: chunked"));
            byte[] chunk =
                    ("3e8\r\n" + "z".repeat(1_000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            int sent = 0;
            while (sent < 100_000 && client.trySend(chunk)) {
                sent++;
            }
            assertTrue(sent < 100_000, "took it all");
        }
    }

    @Test
    void anAnnouncementAloneHoldsNoMemory() {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RawClient client = new RawClient(HARNESS.address);
            clients.add(client.send(head("Content-Length: " + BODY) + "{"));
        }
        Reply reply = send(head("Content-Length: 2") + "{}");
        clients.forEach(RawClient::close);

        // 50 bodies of 40,000 bytes would be far beyond the 60,000 bytes that may be held.
        assertTrue(reply.status() == 200 || reply.status() == 503, reply.body());
    }

    @Test
    void aShortBodyHasItsRoomAtOnceALongOneGrowsWithWhatArrives() {
        int longest = 32 * 1024;
        try (RawClient client = new RawClient(HARNESS.address)) {
            client.send(head("Content-Length: " + longest) + "{");
            Await.until("the room is there", () -> HARNESS.gateway.bufferedBytes() == longest);
        }
        Await.until("it is given back", () -> HARNESS.gateway.bufferedBytes() == 0);
        try (RawClient client = new RawClient(HARNESS.address)) {
            client.send(head("Content-Length: " + (longest + 1)) + "{");
            Await.until("room for the first bytes", () -> HARNESS.gateway.bufferedBytes() == 8 * 1024);
        }
        Await.until("it is given back", () -> HARNESS.gateway.bufferedBytes() == 0);
    }

    @Test
    void allBodiesTogetherAreBoundedAndGivenBack() {
        String half = body(BODY).substring(0, BODY - 10);
        try (RawClient first = new RawClient(HARNESS.address);
                RawClient second = new RawClient(HARNESS.address)) {
            first.send(head("Content-Length: " + BODY) + half);
            Await.until("the first body is held", () -> HARNESS.gateway.bufferedBytes() >= BODY - 10);

            Reply refused = second.send(head("Content-Length: " + BODY) + half).reply();
            assertEquals(503, refused.status());
            assertEquals("1", refused.header("retry-after"));
            assertTrue(refused.body().contains("\"kind\":\"BUSY\""), refused.body());
        }
        Await.until("nothing is held", () -> HARNESS.gateway.bufferedBytes() == 0);
        assertEquals(200, send(head("Content-Length: " + BODY) + body(BODY)).status());
        Await.until("nothing is held", () -> HARNESS.gateway.bufferedBytes() == 0);
    }

    @Test
    void beyondTheBoundConnectionsWaitToBeAccepted() {
        try (GatewayHarness small = GatewayHarness.open(config -> config.maxConnections(3))) {
            RawClient first = small.client();
            for (RawClient client : List.of(first, small.client(), small.client())) {
                assertEquals(200, client.get("/ready").reply().status());
            }
            RawClient waiting = small.client();
            waiting.get("/ready");
            assertTrue(waiting.isSilent(200));
            assertEquals(3, small.gateway.connections());

            first.close();

            assertEquals(200, waiting.reply().status());
        }
    }

    @Test
    void aFloodOfConnectionsLeavesNothingBehind() {
        try (GatewayHarness small = GatewayHarness.open(config -> config.maxConnections(20))) {
            for (int round = 0; round < 40; round++) {
                List<RawClient> flood = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    flood.add(new RawClient(small.address).send("GET /rea"));
                }
                flood.forEach(RawClient::reset);
            }
            Await.until("all are gone", () -> small.gateway.connections() == 0);
            assertEquals(200, small.client().get("/ready").reply().status());
        }
    }

    @Test
    void theDefaultsTakeAnArgumentOfAMegabyte() {
        try (GatewayHarness usual = GatewayHarness.open()) {
            String body = body(1_100_000);
            Reply reply = usual.client().post("/mcp/one/tools/call", body).reply();

            assertEquals(200, reply.status());
            assertEquals(
                    body.length() - "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":".length() - 1,
                    usual.one.sent.peek().params().length());
            assertFalse(reply.body().isEmpty());
        }
    }
}
