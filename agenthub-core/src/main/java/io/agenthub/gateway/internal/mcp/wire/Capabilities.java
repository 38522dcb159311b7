package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.JsonText;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the questions of servers need of a client. */
public final class Capabilities {
    private Capabilities() {}

    /**
     * What a client would have to declare to be asked something, and does not.
     *
     * @param declared its {@code ClientCapabilities}
     * @param method the method of the question
     * @param params its parameters
     * @return the capabilities that are missing, or empty if it can be asked
     */
    public static Optional<JsonText> missing(JsonText declared, String method, @Nullable JsonText params) {
        JsonText needed = switch (method) {
            case "sampling/createMessage" -> JsonText.of("{\"sampling\":{}}");
            case "roots/list" -> JsonText.of("{\"roots\":{}}");
            case "elicitation/create" -> elicitation(params);
            default -> JsonText.object(Map.of(method, JsonText.EMPTY_OBJECT));
        };
        return covers(declared, needed) ? Optional.empty() : Optional.of(needed);
    }

    private static JsonText elicitation(@Nullable JsonText params) {
        boolean url = params != null
                && params.member("mode")
                        .flatMap(JsonText::string)
                        .filter("url"::equals)
                        .isPresent();
        return JsonText.of(url ? "{\"elicitation\":{\"url\":{}}}" : "{\"elicitation\":{}}");
    }

    /** Whether all members needed are there. An elicitation capability that names no mode means forms. */
    private static boolean covers(JsonText declared, JsonText needed) {
        for (Map.Entry<String, JsonText> member : needed.members().entrySet()) {
            Optional<JsonText> present = declared.member(member.getKey()).filter(JsonText::isObject);
            if (present.isEmpty() || !covers(present.get(), member.getValue())) {
                return false;
            }
        }
        return true;
    }
}
