package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;

/** A gateway, and clients of the revisions with sessions. */
abstract class SessionFaceHarness {
    static final String ALL = "{\"sampling\":{},\"elicitation\":{},\"roots\":{}}";

    final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    McpClient client() {
        return new McpClient(harness, "/mcp/one");
    }

    McpClient session() {
        McpClient client = client();
        assertEquals(200, client.initialize("2025-11-25", ALL).status());
        return client;
    }
}
