package io.agenthub.gateway.internal.mcp.aggregate;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One list of all servers, in the order of the servers' names and each server's own.
 *
 * @param kind which list
 * @param entries each with the server it is from
 * @param unavailable the servers that are missing, or some of whose entries are, with the reason
 */
record Listing(Kind kind, List<Entry> entries, Map<String, String> unavailable) {
    static final int PAGE = 500;
    private static final String UNAVAILABLE = "io.agenthub/unavailable";

    /** The lists there are. */
    enum Kind {
        TOOLS("tools/list", "tools", "name"),
        PROMPTS("prompts/list", "prompts", "name"),
        RESOURCES("resources/list", "resources", "uri"),
        TEMPLATES("resources/templates/list", "resourceTemplates", "uriTemplate");

        final String method;
        final String member;
        final String key;

        Kind(String method, String member, String key) {
            this.method = method;
            this.member = member;
            this.key = key;
        }

        boolean isRenamed() {
            return this == TOOLS || this == PROMPTS;
        }

        static Optional<Kind> of(String method) {
            for (Kind kind : values()) {
                if (kind.method.equals(method)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * One entry.
     *
     * @param server whose it is
     * @param name what the server calls it
     * @param publicName what it is called here
     * @param json its definition, under its public name
     */
    record Entry(String server, String name, String publicName, JsonText json) {
        static Entry of(Kind kind, String server, JsonText json) {
            String name = json.member(kind.key).flatMap(JsonText::string).orElse("");
            if (!kind.isRenamed()) {
                return new Entry(server, name, name, json);
            }
            String publicName = PublicName.of(server, name);
            return new Entry(server, name, publicName, json.with(kind.key, JsonText.quote(publicName)));
        }
    }

    Optional<Entry> find(String publicName) {
        return entries.stream()
                .filter(entry -> entry.publicName().equals(publicName))
                .findFirst();
    }

    /** One page of it as a result. */
    RpcOutcome page(@Nullable JsonText params) {
        Optional<JsonText> cursor = params == null ? Optional.empty() : params.member("cursor");
        int from = cursor.isEmpty() ? 0 : offset(cursor.get());
        if (from < 0) {
            return RpcError.of(RpcError.INVALID_PARAMS, "This cursor is not known", null);
        }
        int to = Math.min(entries.size(), from + PAGE);
        List<JsonText> page = new ArrayList<>();
        for (int i = from; i < to; i++) {
            page.add(entries.get(i).json());
        }
        Map<String, JsonText> result = new LinkedHashMap<>();
        result.put(kind.member, JsonText.array(page));
        if (to < entries.size()) {
            result.put("nextCursor", JsonText.quote(cursor(to)));
        }
        if (!unavailable.isEmpty()) {
            result.put("_meta", JsonText.ofValue(Map.of(UNAVAILABLE, unavailable)));
        }
        return new RpcResult(JsonText.object(result));
    }

    private static String cursor(int offset) {
        byte[] text = ("from " + offset).getBytes(StandardCharsets.US_ASCII);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    private static int offset(JsonText cursor) {
        try {
            byte[] text = Base64.getUrlDecoder().decode(cursor.string().orElse(""));
            String written = new String(text, StandardCharsets.US_ASCII);
            return written.matches("from [0-9]{1,7}") ? Integer.parseInt(written.substring(5)) : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
