package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.rpc.JsonText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Values of a request's body as they stand in its headers.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding">MCP
 *     2026-07-28, Value Encoding</a>
 */
final class HeaderText {
    private static final String BEGIN = "=?base64?";
    private static final String END = "?=";
    private static final int LONGEST_NUMBER = 40;

    private HeaderText() {}

    /** A text as it is, or encoded where it could be misread. */
    static String of(String text) {
        boolean plain = text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && text.equals(text.strip())
                && !(text.startsWith(BEGIN) && text.endsWith(END));
        return plain ? text : BEGIN + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
    }

    /** A value of a kind that can be mirrored; nothing for null, objects and arrays. */
    static Optional<String> of(JsonText value) {
        if (value.isNull() || value.isObject() || value.isArray()) {
            return Optional.empty();
        }
        String text = value.string().orElseGet(() -> scalar(value.toString()));
        return Optional.of(of(text));
    }

    /** Whole numbers without fraction and exponent, however they are written; beyond any integer as they are. */
    private static String scalar(String text) {
        if (text.equals("true") || text.equals("false") || text.length() > LONGEST_NUMBER) {
            return text;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            // JSON sets no bound to an exponent.
            return text;
        }
        boolean whole = number.scale() >= -LONGEST_NUMBER
                && number.scale() <= LONGEST_NUMBER
                && number.stripTrailingZeros().scale() <= 0;
        return whole ? number.toBigInteger().toString() : text;
    }
}
