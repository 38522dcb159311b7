package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.rpc.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parameter of a tool that its schema marks with {@code x-mcp-header}: clients repeat its value in a header, so that
 * intermediaries can route by it.
 *
 * @param pointer where it lies in the arguments, as a JSON pointer
 * @param header the header's name after {@code Mcp-Param-}
 */
public record MirroredParameter(String pointer, String header) {
    private static final int DEEPEST = 16;

    /**
     * The marked parameters of a tool.
     *
     * @param inputSchema its schema
     * @return in the schema's order
     */
    static List<MirroredParameter> of(JsonText inputSchema) {
        List<MirroredParameter> found = new ArrayList<>();
        collect(inputSchema, "", found, 0);
        return List.copyOf(found);
    }

    private static void collect(JsonText schema, String pointer, List<MirroredParameter> found, int depth) {
        JsonText properties = schema.member("properties").orElse(JsonText.EMPTY_OBJECT);
        for (Map.Entry<String, JsonText> property : properties.members().entrySet()) {
            String name = property.getKey().replace("~", "~0").replace("/", "~1");
            Optional<String> header = property.getValue().member("x-mcp-header").flatMap(JsonText::string);
            header.ifPresent(value -> found.add(new MirroredParameter(pointer + "/" + name, value)));
            if (depth < DEEPEST) {
                collect(property.getValue(), pointer + "/" + name, found, depth + 1);
            }
        }
    }
}
