package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.gateway.internal.http.Exchange;
import io.netty.util.AsciiString;
import java.util.List;

/** Reads {@code Accept}: a client of MCP says with each request which of the two media types it takes. */
public final class Accept {
    private static final AsciiString NAME = AsciiString.cached("accept");

    private Accept() {}

    /**
     * Whether a client takes all of some media types.
     *
     * @param exchange its request
     * @param types such as {@code application/json}
     * @return true if each of them is listed, as itself or by a wildcard
     */
    public static boolean takes(Exchange exchange, String... types) {
        List<String> values = exchange.headers(NAME);
        for (String type : types) {
            if (!isListed(values, type, true)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a client asks for a media type by its name, which no wildcard does.
     *
     * @param exchange its request
     * @param type such as {@code text/event-stream}
     * @return true if it is listed as itself
     */
    public static boolean names(Exchange exchange, String type) {
        return isListed(exchange.headers(NAME), type, false);
    }

    private static boolean isListed(List<String> values, String type, boolean wildcards) {
        for (String value : values) {
            for (int from = 0; from <= value.length(); ) {
                int comma = value.indexOf(',', from);
                int to = comma < 0 ? value.length() : comma;
                if (isRange(value, from, to, type, wildcards)) {
                    return true;
                }
                from = to + 1;
            }
        }
        return false;
    }

    /** Whether a part of a header is a media type, or a wildcard for it, whatever its parameters. */
    private static boolean isRange(String value, int from, int to, String type, boolean wildcards) {
        int semicolon = value.indexOf(';', from);
        int end = semicolon < 0 || semicolon > to ? to : semicolon;
        int start = from;
        while (start < end && Character.isWhitespace(value.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(value.charAt(end - 1))) {
            end--;
        }
        int length = end - start;
        if (length == type.length()
                && (value.startsWith(type, start) || value.regionMatches(true, start, type, 0, length))) {
            return true;
        }
        if (!wildcards || length == 0 || value.charAt(end - 1) != '*') {
            return false;
        }
        int slash = type.indexOf('/');
        boolean family = length == slash + 2 && value.regionMatches(true, start, type, 0, slash + 1);
        return family || (length == 3 && value.startsWith("*/*", start));
    }
}
