package io.agenthub.bench.micro;

import java.nio.charset.StandardCharsets;

/** Messages to measure with, their members in the order of the TypeScript SDK. */
final class Samples {
    private static final String WORDS = "The quick brown fox says \\\"jump\\\" over the lazy dog; ";

    private Samples() {}

    /** An answer of about some bytes: many small values, or one long string with escapes. */
    static byte[] response(int bytes, String shape) {
        String content = shape.equals("text") ? text(bytes) : structure(bytes);
        return ascii("{\"result\":" + content + ",\"jsonrpc\":\"2.0\",\"id\":1234567}");
    }

    private static String text(int bytes) {
        int repeats = Math.max(1, (bytes - 100) / WORDS.length());
        return "{\"content\":[{\"type\":\"text\",\"text\":\"" + WORDS.repeat(repeats) + "\"}]}";
    }

    private static String structure(int bytes) {
        StringBuilder content = new StringBuilder("{\"structuredContent\":[");
        for (int i = 0; i == 0 || content.length() < bytes - 100; i++) {
            content.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"entry-")
                    .append(i)
                    .append("\",\"size\":")
                    .append(1_000 + i)
                    .append(",\"ratio\":0.125,\"tags\":[\"a\",\"b\"],\"deep\":{\"ok\":true,\"none\":null}}");
        }
        return content.append("]}").toString();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
