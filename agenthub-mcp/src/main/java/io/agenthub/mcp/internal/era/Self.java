package io.agenthub.mcp.internal.era;

import io.agenthub.api.rpc.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** What the hub says of itself where no client has said anything of its own. */
final class Self {
    /** An MCP {@code Implementation} object. */
    static final JsonText INFO = info();

    private Self() {}

    private static JsonText info() {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("name", "agenthub");
        info.put("version", version());
        return JsonText.ofValue(info);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = Self.class.getResourceAsStream("/io/agenthub/mcp/version.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "0");
    }
}
