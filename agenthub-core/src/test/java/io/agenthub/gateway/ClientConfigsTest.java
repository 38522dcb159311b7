package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.McpClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientConfigsTest {
    private static final String TOKEN = "0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "claude-desktop, /mcpServers/agenthub/args/2",
        "vscode, /servers/agenthub/url",
        "cursor, /mcpServers/agenthub/url",
        "raycast, /mcpServers/agenthub/url"
    })
    void aConfigurationHoldsTheAddressThatWasAsked(String client, String pointer) {
        try (GatewayHarness harness = GatewayHarness.open()) {
            Answer answer = new McpClient(harness, "/configs/" + client).send("GET", null);
            JsonText json = answer.json();

            assertEquals(
                    "\"http://" + harness.host() + "/mcp\"",
                    json.at(pointer).orElseThrow().toString());
            assertEquals("no-store", answer.header("cache-control").orElseThrow());
            assertFalse(json.toString().contains("Authorization"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "claude-desktop, /mcpServers/agenthub/env/AUTHORIZATION",
        "vscode, /servers/agenthub/headers/Authorization",
        "cursor, /mcpServers/agenthub/headers/Authorization",
        "raycast, /mcpServers/agenthub/headers/Authorization"
    })
    void aConfigurationHoldsTheTokenForThoseWhoHaveIt(String client, String pointer) {
        try (GatewayHarness harness = GatewayHarness.open(builder -> builder.token(TOKEN))) {
            McpClient asking = new McpClient(harness, "/configs/" + client);
            assertEquals(401, asking.send("GET", null).status());
            JsonText json = asking.with("authorization", "Bearer " + TOKEN)
                    .send("GET", null)
                    .json();

            assertEquals(
                    "\"Bearer " + TOKEN + "\"", json.at(pointer).orElseThrow().toString());
        }
    }

    @Test
    void oneServerMayBeAskedFor() {
        try (GatewayHarness harness = GatewayHarness.open()) {
            JsonText json = new McpClient(harness, "/configs/cursor?server=two")
                    .send("GET", null)
                    .json();
            assertEquals(
                    "\"http://" + harness.host() + "/mcp/two\"",
                    json.at("/mcpServers/two/url").orElseThrow().toString());
            assertEquals(
                    404,
                    new McpClient(harness, "/configs/cursor?server=three")
                            .send("GET", null)
                            .status());
            assertEquals(
                    404,
                    new McpClient(harness, "/configs/emacs").send("GET", null).status());
        }
    }
}
