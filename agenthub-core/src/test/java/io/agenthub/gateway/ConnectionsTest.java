package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections live, and how they end. */
class ConnectionsTest {
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":%d}";
    private final GatewayHarness harness = GatewayHarness.open(config -> config.drainTimeout(Duration.ofSeconds(20)));

    @AfterEach
    void close() {
        harness.close();
    }

    private static String id(int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",";
    }

    private String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: " + harness.host()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + harness.host() + "\r\n\r\n";
    }

    @Test
    void aConnectionCarriesManyRequests() {
        RawClient client = harness.client();
        for (int i = 0; i < 200; i++) {
            Reply reply = client.post("/mcp/one/ping", REQUEST.formatted(i)).reply();
            assertEquals(200, reply.status());
            assertEquals("", reply.header("connection"));
            assertTrue(reply.body().startsWith(id(i)), reply.body());
        }
        assertEquals(1, harness.gateway.connections());
    }

    @Test
    void errorsThatLeaveNoDoubtDoNotEndIt() {
        RawClient client = harness.client();
        assertEquals(404, client.get("/nope").reply().status());
        assertEquals(405, client.get("/mcp/one/ping").reply().status());
        assertEquals(
                404,
                client.post("/mcp/nobody/ping", REQUEST.formatted(1)).reply().status());
        assertEquals(400, client.post("/mcp/one/ping", "{").reply().status());
        assertEquals(200, client.get("/ready").reply().status());
    }

    @Test
    void requestsSentAheadAreAnsweredInOrderOneAfterTheOther() {
        harness.one.hang();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append(post("/mcp/one/slow", REQUEST.formatted(i)));
        }
        RawClient client = harness.client().send(requests.toString());
        for (int i = 0; i < 50; i++) {
            Await.until("the next is sent", () -> !harness.one.hanging.isEmpty());
            assertEquals(1, harness.one.hanging.size());
            harness.one.hanging.poll().succeed(new RpcResult(JsonText.EMPTY_OBJECT));
            assertTrue(client.reply().body().startsWith(id(i)));
        }
    }

    @Test
    void thousandsSentAheadAreAnsweredWithoutDeepRecursion() {
        RawClient client = harness.client();
        Thread sender = new Thread(() -> client.send(get("/ready").repeat(5_000)));
        sender.start();
        for (int i = 0; i < 5_000; i++) {
            assertEquals(200, client.reply().status());
        }
        assertEquals(200, client.get("/ready").reply().status());
    }

    @Test
    void whatIsSentAheadIsHeldOnlyUpToABound() {
        harness.one.hang();
        RawClient client = harness.client().send(post("/mcp/one/slow", REQUEST.formatted(1)));
        Await.until("it is sent", () -> harness.one.hanging.size() == 1);
        // More than the sockets' own buffers hold.
        byte[] ahead = get("/ready").repeat(400_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Thread sender = new Thread(() -> client.trySend(ahead));
        sender.setDaemon(true);
        sender.start();
        Await.never(Duration.ofSeconds(1), "all of it is taken", () -> !sender.isAlive());

        harness.one.hanging.poll().succeed(new RpcResult(JsonText.EMPTY_OBJECT));

        assertTrue(client.reply().body().startsWith(id(1)));
        for (int i = 0; i < 1_000; i++) {
            assertEquals(200, client.reply().status());
        }
        client.close();
    }

    @Test
    void arrivingByteByByteMakesNoDifference() {
        String requests = get("/ready")
                + post("/mcp/one/ping", REQUEST.formatted(1))
                + "POST /mcp/one/ping HTTP/1.1\r\nHost: " + harness.host()
                + "\r\nContent-Type: application/json\r\ntransfer-ENCODING: Chunked\r\n\r\n"
                + "3;x=\"y\"\r\n{\"j\r\n15\r\nsonrpc\":\"2.0\",\"id\":2}\r\n000\r\n\r\n"
                + get("/health");
        RawClient client = harness.client();
        Thread sender = new Thread(() -> requests.chars().forEach(c -> client.send(String.valueOf((char) c))));
        sender.start();

        assertEquals("{\"ready\":true}", client.reply().body());
        assertTrue(client.reply().body().startsWith(id(1)));
        assertTrue(client.reply().body().startsWith(id(2)));
        assertEquals(200, client.reply().status());
    }

    @Test
    void theClientMayAskForTheEnd() {
        RawClient client = harness.client()
                .send("GET /ready HTTP/1.1\r\nHost: " + harness.host() + "\r\nConnection: close\r\n\r\n"
                        + get("/health"));
        Reply reply = client.reply();

        assertEquals(200, reply.status());
        assertEquals("close", reply.header("connection"));
        assertEquals("", client.rest());
    }

    @Test
    void headIsGetWithoutTheBody() {
        RawClient client = harness.client()
                .send("HEAD /ready HTTP/1.1\r\nHost: " + harness.host() + "\r\n\r\n")
                .get("/ready");
        String answers = "HTTP/1.1 200 OK";
        String head = new String(readHead(client), java.nio.charset.StandardCharsets.US_ASCII);

        assertTrue(head.startsWith(answers), head);
        assertTrue(head.contains("content-length: 14\r\n"), head);
        assertEquals("{\"ready\":true}", client.reply().body());
    }

    private static byte[] readHead(RawClient client) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.readByte());
        }
        return head.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void aBodyThatIsAskedForFirstIsSentAfterTheNod() {
        String body = REQUEST.formatted(1);
        RawClient client = harness.client()
                .send("POST /mcp/one/ping HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n");
        assertEquals(100, client.reply().status());
        assertTrue(client.send(body).reply().body().startsWith(id(1)));

        client.send("POST /mcp/one/ping HTTP/1.1\r\nHost: " + harness.host()
                + "\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertEquals(415, client.reply().status());
        assertEquals("", client.rest());
    }

    @Test
    void aLongAnswerArrivesWhole() {
        String text = "é0123456789".repeat(500_000);
        harness.one.result("\"" + text + "\"");
        RawClient client = harness.client();
        for (int i = 0; i < 3; i++) {
            Reply reply = client.post("/mcp/one/big", REQUEST.formatted(i)).reply();
            assertEquals(id(i) + "\"result\":\"" + text + "\"}", reply.body());
        }
    }

    @Test
    void aRequestThatBreaksOffIsForgotten() {
        harness.client()
                .send("POST /mcp/one/ping HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"")
                .close();
        harness.client().send("GET /rea").reset();

        Await.until("they are gone", () -> harness.gateway.connections() == 0);
        assertEquals(0, harness.hub.dispatched());
        assertEquals(0, harness.gateway.bufferedBytes());
    }

    // ---- Closing.

    @Test
    void closingEndsIdleConnectionsAtOnceAndAcceptsNoMore() {
        RawClient idle = harness.client();
        assertEquals(200, idle.get("/ready").reply().status());

        Await.value(harness.gateway.closeAsync());

        assertEquals("", idle.rest());
        assertFalse(canConnect());
    }

    private boolean canConnect() {
        try (RawClient client = new RawClient(harness.address)) {
            return client.get("/ready").reply().status() > 0;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void closingWaitsForRequestsThatHaveBegun() {
        harness.one.hang();
        RawClient busy = harness.client().send(post("/mcp/one/slow", REQUEST.formatted(9)));
        String body = REQUEST.formatted(8);
        RawClient half = harness.client().send(post("/mcp/two/ping", body).substring(0, 60));
        Await.until("it is sent", () -> harness.one.hanging.size() == 1);
        Await.until("both are here", () -> harness.gateway.connections() == 2);
        assertTrue(half.isSilent(100));

        CompletionStage<Void> closed = harness.gateway.closeAsync();
        assertEquals(closed, harness.gateway.closeAsync());
        Await.until("no more are accepted", () -> !canConnect());
        half.send(post("/mcp/two/ping", body).substring(60));
        Reply halfReply = half.reply();
        harness.one.hanging.poll().succeed(new RpcResult(JsonText.EMPTY_OBJECT));
        Reply busyReply = busy.reply();

        assertEquals(200, halfReply.status());
        assertEquals(id(9) + "\"result\":{}}", busyReply.body());
        assertEquals("close", busyReply.header("connection"));
        Await.value(closed);
        assertEquals(0, harness.one.cancelled.get());
    }

    @Test
    void whatIsStillPendingAfterTheDrainIsAnsweredAndCancelled() {
        try (GatewayHarness hasty = GatewayHarness.open(config -> config.drainTimeout(Duration.ofMillis(50)))) {
            hasty.one.hang();
            RawClient client = hasty.client().post("/mcp/one/slow", REQUEST.formatted(3));
            Await.until("it is sent", () -> hasty.one.hanging.size() == 1);

            CompletionStage<Void> closed = hasty.gateway.closeAsync();
            Reply reply = client.reply();

            assertEquals(503, reply.status());
            assertTrue(reply.body().contains("\"kind\":\"SHUTTING_DOWN\""), reply.body());
            assertEquals("1", reply.header("retry-after"));
            Await.until("it is cancelled", () -> hasty.one.cancelled.get() == 1);
            Await.value(closed);
            assertEquals(0, hasty.gateway.connections());
        }
    }

    @Test
    void readinessEndsWithTheHub() {
        assertEquals(200, harness.client().get("/ready").reply().status());
        harness.hub.state = io.agenthub.api.hub.HubState.STOPPING;

        Reply reply = harness.client().get("/ready").reply();

        assertEquals(503, reply.status());
        assertEquals("{\"ready\":false}", reply.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void closingTwiceOrBeforeStartingIsHarmless(int starts) {
        try (GatewayHarness other = GatewayHarness.open()) {
            Gateway gateway = Gateway.builder(other.hub, other.resources)
                    .config(GatewayConfig.builder().port(0).build())
                    .build();
            if (starts > 0) {
                Await.value(gateway.start());
            }
            Await.value(gateway.closeAsync());
            Await.value(gateway.closeAsync());
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        Gateway second = Gateway.builder(harness.hub, harness.resources)
                .config(GatewayConfig.builder().port(harness.address.getPort()).build())
                .build();

        io.agenthub.api.ConfigurationException refusal =
                Await.failure(io.agenthub.api.ConfigurationException.class, second.start());

        assertTrue(refusal.getMessage().contains(String.valueOf(harness.address.getPort())), refusal.getMessage());
    }
}
