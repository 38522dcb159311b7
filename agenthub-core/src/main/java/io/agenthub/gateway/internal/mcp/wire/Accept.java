package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.gateway.internal.http.Exchange;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code Accept}: a client of MCP says with each request which of the two media types it takes. */
public final class Accept {
    private Accept() {}

    /**
     * Whether a client takes all of some media types.
     *
     * @param exchange its request
     * @param types such as {@code application/json}
     * @return true if each of them is listed, as itself or by a wildcard
     */
    public static boolean takes(Exchange exchange, String... types) {
        Set<String> listed = listed(exchange);
        for (String type : types) {
            String family = type.substring(0, type.indexOf('/') + 1) + "*";
            if (!listed.contains(type) && !listed.contains(family) && !listed.contains("*/*")) {
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
        return listed(exchange).contains(type);
    }

    private static Set<String> listed(Exchange exchange) {
        Set<String> listed = new TreeSet<>();
        for (String value : exchange.headers("accept")) {
            for (String range : value.split(",", -1)) {
                int parameters = range.indexOf(';');
                listed.add((parameters < 0 ? range : range.substring(0, parameters))
                        .strip()
                        .toLowerCase(Locale.ROOT));
            }
        }
        return listed;
    }
}
