package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON strings from and to bytes, whole or cut. */
final class JsonBytes {
    private JsonBytes() {}

    /** The string between two quotes, or as much of it as is whole before {@code to}. */
    static String decode(ByteBuffer in, int from, int to) {
        byte[] raw = new byte[to - from];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = in.get(from + i);
        }
        String text = new String(raw, 0, wholeCharacters(raw), StandardCharsets.UTF_8);
        return text.indexOf('\\') < 0 ? text : unescape(text);
    }

    /** The length without a character that is cut at the end. */
    private static int wholeCharacters(byte[] raw) {
        int last = raw.length - 1;
        while (last >= 0 && raw.length - last < 4 && (raw[last] & 0xc0) == 0x80) {
            last--;
        }
        if (last < 0 || (raw[last] & 0x80) == 0) {
            return raw.length;
        }
        int wanted = Integer.numberOfLeadingZeros(~(raw[last] << 24));
        return raw.length - last < wanted ? last : raw.length;
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int length = c != '\\' ? 1 : i + 1 < text.length() && text.charAt(i + 1) == 'u' ? 6 : 2;
            if (i + length > text.length()) {
                break;
            }
            out.append(length == 1 ? c : unescape(text, i));
            i += length;
        }
        return out.toString();
    }

    private static char unescape(String text, int at) {
        char c = text.charAt(at + 1);
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) Integer.parseInt(text, at + 2, at + 6, 16);
            default -> c;
        };
    }

    static byte[] quote(String text) {
        JsonText literal = JsonText.quote(text);
        byte[] bytes = new byte[literal.length()];
        literal.copyTo(bytes, 0);
        return bytes;
    }

    /** The literal of as much of a string as fits, with an ellipsis; room for at least five bytes. */
    static byte[] quoteCut(String text, int room) {
        byte[] whole = quote(text);
        int end = Math.max(1, Math.min(whole.length - 1, room - 4));
        int i = 1;
        int kept = 1;
        while (i < end) {
            i += length(whole, i);
            if (i <= end) {
                kept = i;
            }
        }
        byte[] cut = Arrays.copyOf(whole, kept + 4);
        System.arraycopy("…\"".getBytes(StandardCharsets.UTF_8), 0, cut, kept, 4);
        return cut;
    }

    /** How many bytes of a literal belong to the escape or character at an index. */
    private static int length(byte[] literal, int i) {
        if (literal[i] == '\\') {
            return literal[i + 1] == 'u' ? 6 : 2;
        }
        return literal[i] >= 0 ? 1 : Integer.numberOfLeadingZeros(~(literal[i] << 24));
    }
}
