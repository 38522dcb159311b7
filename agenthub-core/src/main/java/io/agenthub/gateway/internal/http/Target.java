package io.agenthub.gateway.internal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request, taken apart: the path as decoded segments, the query as decoded names and values.
 *
 * @param path the path as it was sent
 * @param segments what stands between its slashes
 * @param query names and values, in order
 */
record Target(String path, List<String> segments, Map<String, String> query) {
    private static final boolean[] ALLOWED = new boolean[128];

    static {
        String allowed = "-._~!$&'()*+,;=:@/%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        allowed.chars().forEach(c -> ALLOWED[c] = true);
    }

    /**
     * Reads the target.
     *
     * @param uri a path, perhaps with a query
     * @return its parts
     * @throws Refusal 400 if there is a character or an escape in it that does not belong there, a dot segment, or a query name
     *     twice
     */
    static Target parse(String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        List<String> segments = new ArrayList<>(6);
        for (int from = 1; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            segments.add(segment(path.substring(from, to)));
            from = to + 1;
        }
        return new Target(
                path, Collections.unmodifiableList(segments), mark < 0 ? Map.of() : query(uri.substring(mark + 1)));
    }

    private static String segment(String raw) {
        String segment = decode(raw, false);
        if (segment.equals(".") || segment.equals("..") || segment.indexOf('/') >= 0 || segment.indexOf('\\') >= 0) {
            throw bad();
        }
        return segment;
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            if (!name.isEmpty() && query.putIfAbsent(name, value) != null) {
                throw Refusal.malformed("the query names '" + name + "' twice");
            }
        }
        return Collections.unmodifiableMap(query);
    }

    private static String decode(String raw, boolean query) {
        boolean plain = true;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (!isAllowed(c, query)) {
                throw bad();
            }
            plain &= c != '%' && !(query && c == '+');
        }
        return plain ? raw : unescape(raw, query);
    }

    private static boolean isAllowed(char c, boolean query) {
        return (c < ALLOWED.length && ALLOWED[c]) || (query && c == '?');
    }

    private static String unescape(String raw, boolean query) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.put(escaped(raw, i));
                i += 2;
            } else {
                bytes.put((byte) (query && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw bad();
        }
    }

    private static byte escaped(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        int value = high * 16 + low;
        if (high < 0 || low < 0 || value < 0x20 || value == 0x7F) {
            throw bad();
        }
        return (byte) value;
    }

    private static Refusal bad() {
        return Refusal.malformed("a character in the target that does not belong there");
    }
}
