package io.agenthub.bench.load.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checks that an answer carries the id and the text of its call, byte for byte. Where they stood last time is tried first.
 * Confined to one thread.
 */
final class AnswerCheck {
    private static final byte[] TEXT = "\"text\":\"".getBytes(StandardCharsets.US_ASCII);

    private final CallTemplate template;
    private final byte[] text;
    private final byte[] id = ("\"id\":" + CallTemplate.FIRST).getBytes(StandardCharsets.US_ASCII);
    private int textAt;
    private int idAt;
    private int idBeforeEnd;

    AnswerCheck(CallTemplate template) {
        this.template = template;
        this.text = template.newAnswerText();
    }

    /** Whether a body is the answer to a call. */
    boolean matches(byte[] bytes, int from, int to, long number) {
        return matchesId(bytes, from, to, number) && matchesText(bytes, from, to, number);
    }

    private boolean matchesId(byte[] bytes, int from, int to, long number) {
        CallTemplate.digits(id, id.length - 10, number);
        if (ends(bytes, from + idAt, to) || ends(bytes, to - idBeforeEnd, to)) {
            return true;
        }
        for (int i = from; i + id.length < to; i++) {
            if (bytes[i] == '"' && ends(bytes, i, to)) {
                idAt = i - from;
                idBeforeEnd = to - i;
                return true;
            }
        }
        return false;
    }

    /** Whether the id stands at an index and ends there. */
    private boolean ends(byte[] bytes, int at, int to) {
        int end = at + id.length;
        return at >= 0
                && end < to
                && Arrays.equals(bytes, at, end, id, 0, id.length)
                && (bytes[end] == ',' || bytes[end] == '}');
    }

    private boolean matchesText(byte[] bytes, int from, int to, long number) {
        template.number(text, number);
        int at = from + textAt;
        if (!isText(bytes, at, to)) {
            at = from;
            while (at < to && !isText(bytes, at, to)) {
                at++;
            }
            textAt = at - from;
        }
        int start = at + TEXT.length;
        int end = start + text.length;
        return end < to && Arrays.equals(bytes, start, end, text, 0, text.length) && bytes[end] == '"';
    }

    private static boolean isText(byte[] bytes, int at, int to) {
        return at + TEXT.length <= to && Arrays.equals(bytes, at, at + TEXT.length, TEXT, 0, TEXT.length);
    }
}
