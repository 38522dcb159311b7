package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Server-sent events. Each message is one event whose data is one line; names and ids of events never come from a server, so
 * that no message can forge another.
 */
public final class Sse {
    /** The media type. */
    public static final String TYPE = "text/event-stream";

    private static final byte[] COMMENT = ascii(":\n\n");
    private static final byte[] DATA = ascii("event: message\ndata: ");
    private static final byte[] END = ascii("\n\n");

    private Sse() {}

    /**
     * The head of a stream.
     *
     * @return status 200 without a body
     */
    public static Response head() {
        return new Response(200, TYPE, List.of(), Map.of("x-accel-buffering", "no"));
    }

    /**
     * A message.
     *
     * @param id the id of the event, or empty for none
     * @param message any JSON; put on one line
     * @return the event
     */
    public static ByteBuffer[] event(String id, JsonText message) {
        ByteBuffer name = ByteBuffer.wrap(id.isEmpty() ? DATA : ascii("id: " + id + "\nevent: message\ndata: "));
        return new ByteBuffer[] {name, message.singleLine().asByteBuffer(), ByteBuffer.wrap(END)};
    }

    /**
     * An event of the gateway's own.
     *
     * @param name what has happened, a word that never comes from outside
     * @param data any JSON; put on one line
     * @return the event
     */
    public static ByteBuffer[] named(String name, JsonText data) {
        return new ByteBuffer[] {
            ByteBuffer.wrap(ascii("event: " + name + "\ndata: ")),
            data.singleLine().asByteBuffer(),
            ByteBuffer.wrap(END)
        };
    }

    /**
     * An event without data, which gives the client an id to resume from.
     *
     * @param id the id
     * @param retryMillis how long the client should wait before it resumes
     * @return the event
     */
    public static ByteBuffer priming(String id, int retryMillis) {
        return ByteBuffer.wrap(ascii("id: " + id + "\nretry: " + retryMillis + "\ndata:\n\n"));
    }

    /**
     * Keeps a stream alive that has nothing to say.
     *
     * @return an empty comment
     */
    public static ByteBuffer comment() {
        return ByteBuffer.wrap(COMMENT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
