package io.agenthub.core.internal.pinning;

import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a tool's definition people approve of and models believe.
 *
 * @param hash SHA-256 of its canonical form: members in order of their names, no white space, no escapes that need not be
 * @param hidden whether it holds characters that people cannot see
 */
record Definition(String hash, boolean hidden) {
    private static final List<String> PINNED =
            List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    /** Symbols and pictures, some of which are made of others by a joiner, begin here. */
    private static final int FIRST_SYMBOL = 0x2190;

    static Definition of(JsonText tool) {
        Map<String, JsonText> members = tool.members();
        Writer writer = new Writer();
        for (String name : PINNED) {
            JsonText value = members.get(name);
            if (value != null) {
                writer.text(name);
                writer.value(value);
            }
        }
        return new Definition(hash(writer.out.toString().getBytes(StandardCharsets.UTF_8)), writer.hidden);
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Writes the canonical form, looking at every character on the way. */
    private static final class Writer {
        private final StringBuilder out = new StringBuilder();
        private boolean hidden;

        void value(JsonText value) {
            if (value.isObject()) {
                out.append('{');
                new TreeMap<>(value.members()).forEach((name, member) -> {
                    text(name);
                    value(member);
                });
                out.append('}');
            } else if (value.isArray()) {
                out.append('[');
                value.elements().forEach(this::value);
                out.append(']');
            } else if (value.isString()) {
                text(value.string().orElse(""));
            } else {
                out.append(value).append(',');
            }
        }

        void text(String text) {
            // With its length in front, no text can be taken for another's end.
            out.append(text.length()).append('"').append(text);
            hidden = hidden || isHidden(text);
        }

        private static boolean isHidden(String text) {
            int before = 0;
            for (int i = 0; i < text.length(); i += Character.charCount(before)) {
                int point = text.codePointAt(i);
                if (isHidden(point) && !(point == ZERO_WIDTH_JOINER && before >= FIRST_SYMBOL)) {
                    return true;
                }
                before = point;
            }
            return false;
        }

        private static boolean isHidden(int point) {
            return switch (Character.getType(point)) {
                case Character.CONTROL -> point != '\n' && point != '\r' && point != '\t';
                case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
                default -> false;
            };
        }
    }
}
