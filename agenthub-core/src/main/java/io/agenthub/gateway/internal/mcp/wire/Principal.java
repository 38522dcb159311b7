package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.gateway.internal.http.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Who made a request, to see whether two were made by the same one. What is handed out to one principal, such as a session, is
 * not found by another. It grants nothing.
 *
 * @param digest a hash of the credentials shown, so that no secret is kept
 */
public record Principal(String digest) {
    private static final Principal NOBODY = new Principal(hash(""));

    /**
     * The principal of a request.
     *
     * @param exchange the request
     * @return equal for equal credentials
     */
    public static Principal of(Exchange exchange) {
        List<String> credentials = exchange.headers(HttpHeaderNames.AUTHORIZATION);
        return credentials.isEmpty() ? NOBODY : new Principal(hash(String.join("\n", credentials)));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Principal";
    }
}
