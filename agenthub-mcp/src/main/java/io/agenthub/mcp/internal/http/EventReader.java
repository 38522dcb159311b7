package io.agenthub.mcp.internal.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of server-sent events into events, wherever its pieces begin and end. Confined to one thread at a time.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, Server-sent events</a>
 */
public final class EventReader {
    private static final int LONGEST_ID = 1_024;
    private static final int LONGEST_FIELD = 1_024;

    private final int maxDataBytes;
    private final Sink sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private String type = "";
    private @Nullable String nextId;
    private boolean anyData;
    private boolean begun;
    private boolean afterReturn;
    private boolean tooLong;

    /** Hears what is in the stream, in order. */
    public interface Sink {
        /**
         * An event.
         *
         * @param type its name; empty means {@code message}
         * @param data its data, the sink's to keep; empty for an event that only carries an id
         */
        void event(String type, byte[] data);

        /**
         * From here on the stream can be resumed. Comes before the event that it stands in.
         *
         * @param id what {@code Last-Event-ID} would say: as in any header, a character for each byte; empty if from here on it
         *     cannot be resumed
         */
        void lastEventId(String id);

        /**
         * How long to wait before reconnecting.
         *
         * @param millis the time
         */
        void retry(long millis);

        /** An event was longer than allowed and is not delivered. */
        void eventTooLong();
    }

    /**
     * Creates a reader.
     *
     * @param maxDataBytes the longest data of one event
     * @param sink hears the events
     */
    public EventReader(int maxDataBytes, Sink sink) {
        this.maxDataBytes = maxDataBytes;
        this.sink = sink;
    }

    /**
     * Takes the next bytes.
     *
     * @param bytes any part of the stream
     */
    public void feed(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                boolean second = b == '\n' && afterReturn && i == from && line.size() == 0;
                append(bytes, from, i);
                from = i + 1;
                afterReturn = b == '\r';
                if (!second) {
                    endLine();
                }
            } else {
                afterReturn = false;
            }
        }
        append(bytes, from, bytes.length);
    }

    private void append(byte[] bytes, int from, int to) {
        // One more than a field name and a blank can be in front of the data.
        if (!tooLong && line.size() + (long) (to - from) + data.size() > maxDataBytes + (long) LONGEST_FIELD) {
            discard();
        }
        if (!tooLong) {
            line.write(bytes, from, to - from);
        } else if (line.size() == 0 && to > from) {
            // Only whether the line is empty still matters.
            line.write(bytes, from, 1);
        }
    }

    private void discard() {
        tooLong = true;
        line.reset();
        data.reset();
        sink.eventTooLong();
    }

    private void endLine() {
        byte[] bytes = line.toByteArray();
        line.reset();
        int from = 0;
        if (!begun) {
            begun = true;
            boolean mark = bytes.length >= 3
                    && (bytes[0] & 0xFF) == 0xEF
                    && (bytes[1] & 0xFF) == 0xBB
                    && (bytes[2] & 0xFF) == 0xBF;
            from = mark ? 3 : 0;
        }
        if (bytes.length == from) {
            dispatch();
        } else if (!tooLong && bytes[from] != ':') {
            field(bytes, from);
        }
    }

    private void field(byte[] bytes, int from) {
        int colon = from;
        while (colon < bytes.length && bytes[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, bytes.length);
        if (value < bytes.length && bytes[value] == ' ') {
            value++;
        }
        String name = new String(bytes, from, Math.min(colon - from, LONGEST_FIELD), StandardCharsets.UTF_8);
        switch (name) {
            case "data" -> data(bytes, value);
            case "event" -> type = text(bytes, value);
            case "id" -> id(new String(bytes, value, bytes.length - value, StandardCharsets.ISO_8859_1));
            case "retry" -> retry(text(bytes, value));
            default -> {}
        }
    }

    private void data(byte[] bytes, int from) {
        int separator = anyData ? 1 : 0;
        if ((long) data.size() + separator + bytes.length - from > maxDataBytes) {
            discard();
            return;
        }
        if (anyData) {
            data.write('\n');
        }
        anyData = true;
        data.write(bytes, from, bytes.length - from);
    }

    private static String text(byte[] bytes, int from) {
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    /**
     * An id goes back in a header. One that would arrive as another, since blanks around a value are no part of it, or that no
     * header may hold is passed over like one with NUL in HTML: the event counts as one without an id.
     */
    private void id(String id) {
        boolean whole = !id.startsWith(" ") && !id.endsWith(" ");
        if (whole && id.length() <= LONGEST_ID && id.chars().allMatch(c -> c >= ' ' && c != 0x7F)) {
            nextId = id;
        }
    }

    private void retry(String text) {
        if (text.length() <= 9 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            sink.retry(Long.parseLong(text));
        }
    }

    private void dispatch() {
        // Not before: a stream that breaks within the event is to be taken up again before it.
        if (nextId != null) {
            sink.lastEventId(nextId);
            nextId = null;
        }
        if (anyData && !tooLong) {
            sink.event(type, data.toByteArray());
        }
        data.reset();
        type = "";
        anyData = false;
        tooLong = false;
    }
}
