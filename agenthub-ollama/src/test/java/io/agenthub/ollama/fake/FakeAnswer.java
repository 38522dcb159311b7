package io.agenthub.ollama.fake;

import io.agenthub.api.rpc.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer before it goes over the wire.
 *
 * @param parts the body: one part if it has a length, else one chunk for each
 */
public record FakeAnswer(int status, String contentType, boolean chunked, List<byte[]> parts) {

    /** A single JSON answer. */
    public static FakeAnswer json(int status, Object value) {
        return text(
                status,
                "application/json; charset=utf-8",
                JsonText.ofValue(value).toString());
    }

    /** Any single answer. */
    public static FakeAnswer text(int status, String contentType, String text) {
        return new FakeAnswer(status, contentType, false, List.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A streamed answer. */
    static FakeAnswer stream(String contentType, List<String> chunks) {
        return new FakeAnswer(
                200,
                contentType,
                true,
                chunks.stream()
                        .map(chunk -> chunk.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    /** An error in Ollama's style. */
    public static FakeAnswer error(int status, String message) {
        return json(status, java.util.Map.of("error", message));
    }

    /** The bytes on the wire. */
    public byte[] wire() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(head().getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] part : parts) {
            if (chunked) {
                wire.writeBytes((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            wire.writeBytes(part);
            if (chunked) {
                wire.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        if (chunked) {
            wire.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return wire.toByteArray();
    }

    private String head() {
        int length = parts.stream().mapToInt(part -> part.length).sum();
        return "HTTP/1.1 " + status + " Fake\r\nContent-Type: " + contentType + "\r\n"
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n";
    }
}
