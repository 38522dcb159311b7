package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slow clients on virtual time: deadlines are absolute, so that a byte now and then buys nothing. */
class DeadlinesTest {
    private static final Duration SWEEP = Duration.ofMillis(250);
    private final ManualScheduler time = new ManualScheduler();
    private final GatewayHarness harness = GatewayHarness.open(config -> config, time);

    @AfterEach
    void close() {
        harness.close();
        assertEquals(List.of(), time.failures());
    }

    private RawClient connected() {
        int before = harness.gateway.connections();
        RawClient client = harness.client();
        Await.until("it is accepted", () -> harness.gateway.connections() > before);
        return client;
    }

    private void advance(long millis) {
        time.advance(Duration.ofMillis(millis).plus(SWEEP));
    }

    @Test
    void whoSaysNothingIsCutOffAfterTheTimeForHeaders() {
        RawClient client = connected();

        advance(4_500);
        assertTrue(client.isSilent(20));
        advance(500);

        assertEquals("", client.rest());
    }

    /** Virtual time outruns the event loops; a request on each of the two shows that they have caught up. */
    private void untilTheLoopsHaveRead() {
        for (int loop = 0; loop < 2; loop++) {
            assertEquals(200, harness.client().get("/ready").reply().status());
        }
    }

    @Test
    void headersThatDripAreAnsweredWith408() {
        RawClient client = connected();
        for (char c : "GET /health HTTP/1.1\r\nX: ".toCharArray()) {
            client.send(String.valueOf(c));
            time.advance(Duration.ofMillis(150));
        }
        untilTheLoopsHaveRead();
        time.advance(Duration.ofMillis(1_500));
        String answer = client.rest();

        // Without an answer if time was up before the first byte had been looked at.
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 408 "), answer);
        Await.until("it is gone, though it never closes", () -> {
            time.advance(SWEEP);
            return harness.gateway.connections() == 0;
        });
    }

    @Test
    void theHeadersOfALaterRequestHaveTheirOwnTime() {
        try (GatewayHarness real = GatewayHarness.open(config -> config.headerTimeout(Duration.ofMillis(300)))) {
            RawClient client = real.client();
            assertEquals(200, client.get("/ready").reply().status());
            Await.never(Duration.ofSeconds(1), "it is cut off", () -> real.gateway.connections() == 0);

            Reply reply = client.send("GET /ready HTTP/1.1\r\n").reply();

            assertEquals(408, reply.status());
            assertTrue(reply.body().contains("\"kind\":\"DEADLINE\""), reply.body());
            assertEquals("close", reply.header("connection"));
        }
    }

    @Test
    void aBodyThatDripsIsAnsweredWith408() {
        RawClient client = connected();
        client.send("POST /mcp/one/ping HTTP/1.1\r\nHost: " + harness.host()
                + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
        assertEquals(100, client.reply().status());
        for (int i = 0; i < 9; i++) {
            client.send("{");
            time.advance(Duration.ofSeconds(1));
        }
        assertTrue(client.isSilent(20));
        advance(1_000);
        Reply reply = client.reply();

        assertEquals(408, reply.status());
        assertTrue(reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"error\":"), reply.body());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void anIdleConnectionIsClosedAfterAMinute() {
        RawClient client = connected();
        assertEquals(200, client.get("/ready").reply().status());

        advance(59_000);
        assertEquals(1, harness.gateway.connections());
        advance(1_000);

        assertEquals("", client.rest());
    }

    @Test
    void aCallMayTakeLongerThanAnyOfThese() {
        harness.one.hang();
        RawClient client = connected();
        client.post("/mcp/one/slow", "{\"jsonrpc\":\"2.0\",\"id\":1}");
        Await.until("it is sent", () -> !harness.one.hanging.isEmpty());
        advance(300_000);
        assertEquals(1, harness.gateway.connections());

        harness.one
                .hanging
                .poll()
                .succeed(new io.agenthub.api.rpc.RpcResult(io.agenthub.api.rpc.JsonText.EMPTY_OBJECT));

        assertEquals(200, client.reply().status());
    }

    @Test
    void whoNeverReadsIsCutOff() {
        harness.one.result("\"" + "x".repeat(14 << 20) + "\"");
        RawClient client = new RawClient(harness.address, 4_096);
        client.post("/mcp/one/big", "{\"jsonrpc\":\"2.0\",\"id\":1}");
        Await.until("it is sent", () -> !harness.one.sent.isEmpty());
        Await.until("the socket is full", () -> {
            time.advance(Duration.ofSeconds(10));
            return harness.gateway.connections() == 0;
        });
        assertTrue(client.rest().length() < 14 << 20);
        client.close();
    }

    @Test
    void whoReadsSlowlyIsNotCutOff() {
        int length = 20 << 20;
        int piece = length / 40;
        try (GatewayHarness real = GatewayHarness.open(config -> config.writeStallTimeout(Duration.ofSeconds(2)))) {
            real.one.result("\"" + "x".repeat(length) + "\"");
            RawClient client = new RawClient(real.address, 4_096);
            client.post("/mcp/one/big", "{\"jsonrpc\":\"2.0\",\"id\":1}");
            for (int read = 0; read < length; read += piece) {
                assertEquals(piece, client.readSome(piece));
                Await.never(Duration.ofMillis(100), "it is cut off", () -> real.gateway.connections() == 0);
            }
            assertEquals(10, client.readSome(10), "the end of the answer");
            client.close();
        }
    }

    @Test
    void manyThatDripDoNotKeepOthersOut() {
        List<RawClient> drips = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            drips.add(new RawClient(harness.address).send("GET /heal"));
        }
        Await.until("all are accepted", () -> harness.gateway.connections() == 200);

        assertEquals(200, harness.client().get("/ready").reply().status());
        advance(5_000);

        Await.until("they are gone", () -> {
            time.advance(SWEEP);
            return harness.gateway.connections() <= 1;
        });
        drips.forEach(RawClient::close);
    }
}
