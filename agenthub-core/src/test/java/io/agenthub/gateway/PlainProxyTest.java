package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.RawClient.Reply;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlainProxyTest {
    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    private Reply post(String path, String body) {
        return harness.client().post(path, body).reply();
    }

    @Test
    void aRequestIsAnsweredByAResponseWithItsOwnId() {
        Reply reply = post("/mcp/one/tools/list", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}");

        assertEquals(200, reply.status());
        assertEquals("application/json", reply.header("content-type"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"method\":\"tools/list\"}}", reply.body());
    }

    @Test
    void parametersReachTheServerByteForByte() {
        String params = "{\"b\":1.10,\"a\":1e400,\"c\":\"\\u00e9é\\ud83d\\ude00\",\"d\":0.1234567890123456789}";
        Reply reply = post("/mcp/one/tools/call", "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":" + params + "}");

        assertEquals(200, reply.status());
        assertEquals(JsonText.of(params), harness.one.sent.peek().params());
        assertTrue(reply.body().contains("\"params\":" + params));
    }

    @Test
    void theCallCarriesWhoAsksAndUntilWhen() {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":\"a b\"}";
        Reply reply = harness.client()
                .send("POST /mcp/two/ping HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nX-Client-Name: vscode\r\nX-Timeout-Ms: 1500\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .reply();

        assertEquals(200, reply.status());
        FakeServer.Sent sent = harness.two.sent.peek();
        assertEquals(Optional.of("vscode"), sent.options().client());
        assertEquals(Optional.of(Duration.ofMillis(1500)), sent.options().timeout());
        assertEquals(Optional.of("127.0.0.1"), sent.options().peer());
        assertEquals(Optional.of("\"a b\""), sent.options().requestId());
    }
}
