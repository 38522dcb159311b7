package io.agenthub.gateway;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.McpClient.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A stateless client that says everything right, unless a test spoils it. */
final class StatelessClient {
    static final String VERSION = "2026-07-28";
    private static final String PREFIX = "io.modelcontextprotocol/";

    private final GatewayHarness harness;
    private final String path;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, JsonText> meta = new LinkedHashMap<>();
    private int id;

    StatelessClient(GatewayHarness harness, String path) {
        this.harness = harness;
        this.path = path;
        meta(PREFIX + "protocolVersion", "\"" + VERSION + "\"");
        meta(PREFIX + "clientCapabilities", "{\"sampling\":{},\"elicitation\":{},\"roots\":{}}");
        header("mcp-protocol-version", VERSION);
    }

    StatelessClient capabilities(String json) {
        return meta(PREFIX + "clientCapabilities", json);
    }

    /** From now on says this in the envelope; null means nothing. */
    StatelessClient meta(String key, String json) {
        if (json == null) {
            meta.remove(key);
        } else {
            meta.put(key, JsonText.of(json));
        }
        return this;
    }

    /** From now on sends this header, whatever the body says; null means never. */
    StatelessClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Answer call(String method, String params) {
        McpClient client = new McpClient(harness, path);
        client.with("mcp-method", method);
        JsonText given = JsonText.of(params);
        given.member(method.equals("resources/read") ? "uri" : "name")
                .flatMap(JsonText::string)
                .ifPresent(name -> client.with("mcp-name", name));
        headers.forEach(client::with);
        String body = given.with("_meta", JsonText.object(meta)).toString();
        return client.call(Integer.toString(++id), method, body);
    }
}
