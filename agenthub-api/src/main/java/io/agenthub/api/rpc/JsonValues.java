package io.agenthub.api.rpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON to and from plain Java values: maps, lists, strings, numbers, booleans and null. */
final class JsonValues {
    private JsonValues() {}

    static JsonText write(@Nullable Object value, int depth) {
        if (depth > JsonLimits.RELAY.maxDepth()) {
            throw new IllegalArgumentException("nesting deeper than " + JsonLimits.RELAY.maxDepth());
        }
        if (value == null) {
            return JsonText.NULL;
        } else if (value instanceof JsonText text) {
            return text;
        } else if (value instanceof CharSequence || value instanceof Enum<?>) {
            return JsonText.quote(value.toString());
        } else if (value instanceof Map<?, ?> map) {
            Map<String, JsonText> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(String.valueOf(key), write(member, depth + 1)));
            return JsonText.object(members);
        } else if (value instanceof Iterable<?> list) {
            List<JsonText> elements = new ArrayList<>();
            list.forEach(element -> elements.add(write(element, depth + 1)));
            return JsonText.array(elements);
        } else if (value instanceof Boolean || value instanceof Number) {
            return scalar(value);
        }
        throw new IllegalArgumentException("a " + value.getClass().getName()
                + " is not JSON; use maps, lists, strings, numbers, booleans, null or JsonText");
    }

    private static JsonText scalar(Object value) {
        try {
            return JsonText.of(value.toString());
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException(value + " has no JSON form", e);
        }
    }

    static @Nullable Object read(JsonText text) {
        if (text.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            text.members().forEach((name, value) -> map.put(name, read(value)));
            return Collections.unmodifiableMap(map);
        } else if (text.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            text.elements().forEach(value -> list.add(read(value)));
            return Collections.unmodifiableList(list);
        } else if (text.isString()) {
            return text.string().orElseThrow();
        } else if (text.isNull()) {
            return null;
        }
        String word = text.toString();
        return word.equals("true") ? Boolean.TRUE : word.equals("false") ? Boolean.FALSE : number(text, word);
    }

    private static Number number(JsonText text, String word) {
        if (!text.isInteger()) {
            return decimal(word);
        }
        BigInteger whole = new BigInteger(word);
        if (whole.bitLength() < 64) {
            return whole.longValue();
        }
        return whole;
    }

    private static BigDecimal decimal(String word) {
        try {
            return new BigDecimal(word);
        } catch (NumberFormatException e) {
            throw new MalformedMessageException(
                    MalformedMessageException.INVALID_REQUEST, "A number with an exponent beyond any use");
        }
    }
}
