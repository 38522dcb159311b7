package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small JSON for small messages. */
final class Json {
    private Json() {}

    /**
     * A template with its gaps filled.
     *
     * @param template JSON in which each percent sign is a gap
     * @param values strings, which are quoted, or anything whose text is JSON
     */
    static JsonText fill(String template, Object... values) {
        StringBuilder json = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int gap = template.indexOf('%', from);
            json.append(template, from, gap).append(value instanceof String text ? JsonText.quote(text) : value);
            from = gap + 1;
        }
        return JsonText.of(json.append(template, from, template.length()).toString());
    }

    static JsonText params(RpcRequest request) {
        JsonText params = request.params();
        return params == null ? JsonText.EMPTY_OBJECT : params;
    }

    static JsonText params(RpcNotification notification) {
        JsonText params = notification.params();
        return params == null ? JsonText.EMPTY_OBJECT : params;
    }

    /** A member of an object, or null. */
    static @Nullable JsonText member(@Nullable JsonText object, String name) {
        return object == null ? null : object.member(name).orElse(null);
    }

    /** A string member of an object, or null. */
    static @Nullable String string(@Nullable JsonText object, String name) {
        JsonText member = member(object, name);
        return member == null ? null : member.string().orElse(null);
    }

    /** A string member of an object, or a default. */
    static String string(@Nullable JsonText object, String name, String otherwise) {
        String value = string(object, name);
        return value == null ? otherwise : value;
    }

    /** A string member of the parameters that must be there. */
    static String required(JsonText params, String name) {
        String value = string(params, name);
        if (value == null) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Missing parameter: ".concat(name));
        }
        return value;
    }

    /** An object member that may be missing, and then is empty. */
    static JsonText object(JsonText params, String name) {
        Optional<JsonText> value = params.member(name);
        if (value.isEmpty()) {
            return JsonText.EMPTY_OBJECT;
        }
        if (!value.get().isObject()) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Not an object: ".concat(name));
        }
        return value.get();
    }
}
