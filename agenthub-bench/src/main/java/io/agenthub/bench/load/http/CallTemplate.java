package io.agenthub.bench.load.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One kind of call: the bytes of its request and of the text it must be answered with, where only a number of ten digits
 * changes from call to call. Immutable.
 */
public final class CallTemplate {
    /** The first call's number; all numbers have ten digits. */
    static final long FIRST = 1_000_000_000L;

    private static final String NUMBER = Long.toString(FIRST);
    private static final String FILL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".repeat(256);
    private static final int PLAIN_TEXT_BYTES = 64;

    private final byte[] request;
    private final int[] requestNumbers;
    private final byte[] answerText;
    private final int[] answerNumbers;

    private CallTemplate(byte[] request, byte[] answerText) {
        this.request = request;
        this.requestNumbers = places(request);
        this.answerText = answerText;
        this.answerNumbers = places(answerText);
    }

    /**
     * A call that is answered with its own text.
     *
     * @param route where to
     * @param textBytes how long the text is, at least 20
     * @return the template
     */
    public static CallTemplate echo(Route route, int textBytes) {
        String text = text(textBytes);
        return new CallTemplate(
                post(route, "{\"name\":\"echo\",\"arguments\":{\"message\":\"" + text + "\"}}"), utf8(text));
    }

    /**
     * A call that the server answers after a time.
     *
     * @param route where to
     * @param millis how long it is held
     * @return the template
     */
    public static CallTemplate delay(Route route, int millis) {
        String text = text(PLAIN_TEXT_BYTES);
        String arguments = "{\"ms\":" + millis + ",\"message\":\"" + text + "\"}";
        return new CallTemplate(post(route, "{\"name\":\"delay\",\"arguments\":" + arguments + "}"), utf8(text));
    }

    /**
     * A short call with a long answer.
     *
     * @param route where to
     * @param bytes how many bytes the answer's text has beyond the request's
     * @return the template
     */
    public static CallTemplate blob(Route route, int bytes) {
        String text = text(PLAIN_TEXT_BYTES);
        String arguments = "{\"bytes\":" + bytes + ",\"message\":\"" + text + "\"}";
        return new CallTemplate(
                post(route, "{\"name\":\"blob\",\"arguments\":" + arguments + "}"),
                utf8(text + FILL.repeat(bytes / FILL.length() + 1).substring(0, bytes)));
    }

    /** A text that holds the number, a few characters of more than one byte, and fill. */
    private static String text(int bytes) {
        String start = "m-" + NUMBER + " é✓ ";
        int fill = bytes - utf8(start).length;
        return start + FILL.repeat(fill / FILL.length() + 1).substring(0, fill);
    }

    private static byte[] post(Route route, String params) {
        byte[] body =
                utf8("{\"jsonrpc\":\"2.0\",\"id\":" + NUMBER + ",\"method\":\"tools/call\",\"params\":" + params + "}");
        byte[] head = utf8(route.head(body.length));
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int[] places(byte[] bytes) {
        byte[] number = utf8(NUMBER);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i <= bytes.length - number.length; i++) {
            if (bytes[i] == '1' && Arrays.equals(bytes, i, i + number.length, number, 0, number.length)) {
                places.add(i);
            }
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A copy of the request that a connection may write its numbers into. */
    byte[] newRequest() {
        return request.clone();
    }

    /** A copy of the expected text that a checker may write its numbers into. */
    byte[] newAnswerText() {
        return answerText.clone();
    }

    int[] requestNumbers() {
        return requestNumbers;
    }

    void number(byte[] text, long number) {
        for (int place : answerNumbers) {
            digits(text, place, number);
        }
    }

    static void digits(byte[] target, int at, long number) {
        long rest = number;
        for (int i = at + NUMBER.length() - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /**
     * How long the text of an answer is.
     *
     * @return a number of bytes
     */
    public int answerBytes() {
        return answerText.length;
    }
}
