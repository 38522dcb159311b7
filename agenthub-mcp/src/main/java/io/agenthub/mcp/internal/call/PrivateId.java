package io.agenthub.mcp.internal.call;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;

/** Reads the ids we gave out: plain whole numbers, which some servers send back as strings. */
public final class PrivateId {
    private static final int LONGEST = 18;

    private PrivateId() {}

    /**
     * Reads an id.
     *
     * @param id the value
     * @return the number, if it can be one of ours
     */
    public static Optional<Long> read(JsonText id) {
        return id.isString() ? id.string().flatMap(PrivateId::parse) : parse(id.toString());
    }

    /**
     * Reads an id as it is written in JSON.
     *
     * @param id the text, quoted or not
     * @return the number, if it can be one of ours
     */
    public static Optional<Long> readWritten(String id) {
        boolean quoted = id.length() > 2 && id.startsWith("\"") && id.endsWith("\"");
        return parse(quoted ? id.substring(1, id.length() - 1) : id);
    }

    private static Optional<Long> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(Long.parseLong(text));
    }
}
