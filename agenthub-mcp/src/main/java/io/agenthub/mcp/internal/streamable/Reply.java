package io.agenthub.mcp.internal.streamable;

import io.agenthub.mcp.internal.http.AnswerReader;
import io.agenthub.mcp.internal.http.EventReader;
import io.agenthub.mcp.internal.http.HttpFault;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Reads an HTTP answer as what it can be in MCP: one message, a stream of messages, nothing, or a refusal. */
final class Reply implements AnswerReader, EventReader.Sink {
    private static final int LONGEST_REFUSAL = 65_536;

    private final int maxMessageBytes;
    private final Owner owner;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Form form = Form.NOTHING;
    private int status;
    private HttpHeaders headers;
    private EventReader events;

    private enum Form {
        NOTHING,
        MESSAGE,
        STREAM,
        REFUSAL
    }

    /** Hears what was read, on the loop. {@link #ended}, {@link #refused} or {@link #broke} comes once and last. */
    interface Owner {
        /** The first byte of the request is about to be sent: whether it may be. */
        boolean sending();

        /** It was accepted; messages may follow. */
        void accepted(HttpHeaders headers);

        /** A message. */
        void message(byte[] json);

        /** From here on the stream can be resumed. */
        void lastEventId(String id);

        /** How long to wait before that. */
        void retry(long millis);

        /** The answer is complete. */
        void ended();

        /** It was refused. */
        void refused(int refusal, HttpHeaders headers, byte[] reason);

        /** The answer cannot be MCP; nothing more of it is wanted. Completes "Server 'x' …". */
        void unusable(String why);

        /** A message was longer than allowed. */
        void tooLong();

        /** The answer will not come, or not to its end. */
        void broke(HttpFault fault);
    }

    Reply(int maxMessageBytes, Owner owner, HttpHeaders none) {
        this.maxMessageBytes = maxMessageBytes;
        this.owner = owner;
        this.headers = none;
        this.events = new EventReader(maxMessageBytes, this);
    }

    @Override
    public boolean sending() {
        return owner.sending();
    }

    @Override
    public void begun(int code, HttpHeaders given) {
        status = code;
        headers = given;
        if (code < 200 || code > 299) {
            form = Form.REFUSAL;
            return;
        }
        String type = given.get(HttpHeaderNames.CONTENT_TYPE, "");
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        form = switch (media) {
            case "application/json" -> Form.MESSAGE;
            case "text/event-stream" -> Form.STREAM;
            default -> Form.NOTHING;
        };
        boolean empty = code == 202 || code == 204;
        if (form == Form.NOTHING && !empty) {
            owner.unusable("answered with content of type '" + printable(media) + "', which is no message");
            return;
        }
        if (empty) {
            form = Form.NOTHING;
        }
        owner.accepted(given);
    }

    private static String printable(String media) {
        String shown = media.length() > 80 ? media.substring(0, 80) : media;
        return shown.replaceAll("[^\\x20-\\x7E]", "?");
    }

    @Override
    public void received(byte[] bytes) {
        switch (form) {
            case MESSAGE -> {
                if (body.size() + bytes.length > maxMessageBytes) {
                    owner.tooLong();
                } else {
                    body.writeBytes(bytes);
                }
            }
            case STREAM -> events.feed(bytes);
            case REFUSAL -> body.write(bytes, 0, Math.min(bytes.length, LONGEST_REFUSAL - body.size()));
            case NOTHING -> {}
        }
    }

    @Override
    public void ended() {
        if (form == Form.REFUSAL) {
            owner.refused(status, headers, body.toByteArray());
            return;
        }
        if (form == Form.MESSAGE) {
            owner.message(body.toByteArray());
        }
        owner.ended();
    }

    @Override
    public void failed(HttpFault fault) {
        if (form == Form.REFUSAL) {
            // The status says it all.
            owner.refused(status, headers, new byte[0]);
        } else {
            owner.broke(fault);
        }
    }

    @Override
    public void event(String type, byte[] data) {
        if (data.length > 0 && (type.isEmpty() || type.equals("message"))) {
            owner.message(data);
        }
    }

    @Override
    public void lastEventId(String id) {
        owner.lastEventId(id);
    }

    @Override
    public void retry(long millis) {
        owner.retry(millis);
    }

    @Override
    public void eventTooLong() {
        owner.tooLong();
    }
}
