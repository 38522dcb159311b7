package io.agenthub.gateway.internal.mcp.stateless;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A value of the body as a header carries it: as it is, or wrapped as {@code =?base64?…?=} if it would not survive. */
final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /**
     * The value that is meant.
     *
     * @throws io.agenthub.gateway.internal.mcp.wire.RpcRefusal if it is wrapped, but not well
     */
    static String decode(String header) {
        String value = header.strip();
        if (!value.startsWith(PREFIX)
                || !value.endsWith(SUFFIX)
                || value.length() < PREFIX.length() + SUFFIX.length()) {
            return value;
        }
        String wrapped = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
        try {
            // The JDK takes base64 without its padding, which the specification does not.
            byte[] bytes = wrapped.length() % 4 == 0 ? Base64.getDecoder().decode(wrapped) : notPadded();
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw Codes.headerMismatch("A header is not valid base64 of UTF-8");
        }
    }

    private static byte[] notPadded() {
        throw new IllegalArgumentException("base64 without its padding");
    }
}
