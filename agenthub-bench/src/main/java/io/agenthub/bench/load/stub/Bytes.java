package io.agenthub.bench.load.stub;

import java.nio.charset.StandardCharsets;

/** Searching in bytes. */
final class Bytes {
    private Bytes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The first place of a needle, or -1. */
    static int find(byte[] bytes, int from, int to, byte[] needle) {
        int last = to - needle.length;
        for (int i = from; i <= last; i++) {
            if (startsWith(bytes, i, to, needle)) {
                return i;
            }
        }
        return -1;
    }

    static boolean startsWith(byte[] bytes, int at, int to, byte[] needle) {
        if (to - at < needle.length) {
            return false;
        }
        for (int i = 0; i < needle.length; i++) {
            if (bytes[at + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }

    static int newline(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** The end of a JSON string that begins at an index: where its closing quote is. */
    static int stringEnd(byte[] bytes, int from, int to) {
        int last = to - 1;
        while (last > from && (bytes[last] == '}' || bytes[last] == '\r')) {
            last--;
        }
        if (bytes[last] == '"' && bytes[last - 1] != '\\' && last - from > 256) {
            // Long texts stand at the end of their line: no need to walk them.
            return last;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                i++;
            } else if (bytes[i] == '"') {
                return i;
            }
        }
        return to;
    }

    /** The end of a number or of anything else without structure. */
    static int tokenEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ',' && bytes[i] != '}' && bytes[i] != ' ') {
            i++;
        }
        return i;
    }

    static int number(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }
}
