package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.hub.TraceContext;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The headers of a distributed trace, as they reach the hub. */
class TraceHeadersTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    private Optional<TraceContext> sent(String headers) {
        RawClient client = harness.client();
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
        int status = client.send("POST /mcp/one/tools/list HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n" + headers
                        + "\r\n" + body)
                .reply()
                .status();
        assertEquals(200, status);
        return harness.one.sent.remove().options().trace();
    }

    @Test
    void aTraceIsHandedOn() {
        assertEquals(
                TraceContext.parse(PARENT, "a=b,c=d", "e=f"),
                sent("traceparent: " + PARENT + "\r\nTraceState: a=b\r\ntracestate: c=d\r\nBaggage: e=f\r\n"));
    }

    @Test
    void aNotificationCarriesItAsWell() {
        String body = "{\"jsonrpc\":\"2.0\",\"params\":{\"a\":1}}";
        int status = harness.client()
                .send("POST /mcp/one/notifications/custom HTTP/1.1\r\nHost: " + harness.host()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\ntraceparent: " + PARENT + "\r\n\r\n" + body)
                .reply()
                .status();
        assertEquals(202, status);
        Await.until("it is passed on", () -> !harness.one.notified.isEmpty());
        assertEquals(
                "{\"a\":1,\"_meta\":{\"traceparent\":\"" + PARENT + "\"}}",
                String.valueOf(harness.one.notified.remove().params()));
    }

    @Test
    void baggageAloneIsHandedOn() {
        assertEquals(TraceContext.parse(null, null, "e=f"), sent("baggage: e=f\r\n"));
    }

    @Test
    void noneIsInvented() {
        assertEquals(Optional.empty(), sent(""));
        assertEquals(Optional.empty(), sent("tracestate: a=b\r\n"));
    }

    @Test
    void whatDoesNotHaveTheFormIsNot() {
        assertEquals(Optional.empty(), sent("traceparent: nonsense\r\ntracestate: a=b\r\n"));
        assertEquals(Optional.empty(), sent("traceparent: " + PARENT + "\r\ntraceparent: " + PARENT + "\r\n"));
    }
}
