package io.agenthub.api.rpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Walks over strict RFC 8259 JSON in strict UTF-8 without building anything; confined to one thread and one text.
 */
final class JsonScanner {
    /*
     * One pass, no recursion, no allocation. Containers are remembered as one bit each (1 = object) in two longs, hence the
     * depth limit of 128.
     *
     * Strings are the bulk of real messages, so they are read eight bytes at a time [1]: a word is passed over when none of
     * its bytes is a quote, a backslash, a control character or above 0x7F, and up to the first of these otherwise. That one
     * is looked at by itself: escapes and the well-formed UTF-8 sequences of table 3-7 of the Unicode standard [2] are checked.
     * The search for zero bytes leaves out the mask that tells 0x00 from bytes above 0x7F, since those stop it as well. A string
     * that has been plain for a while is likely to go on, and is then asked in blocks: a loop that only gathers, and does not stop
     * in between, is one that HotSpot makes vector instructions of.
     *
     * [1] H. S. Warren, Hacker's Delight, "Find First 0-Byte".
     * [2] https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf
     */
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    /** Puts the quote right behind the control characters, where the space was, so that one comparison finds both. */
    private static final long QUOTE_BESIDE_CONTROLS = ONES * ('"' ^ ' ');

    private static final long SLASHES = ONES * '\\';
    private static final int A_WHILE = 256;
    private static final int BLOCK_BYTES = 512;

    private final byte[] bytes;
    private final int end;
    private final JsonLimits limits;
    private int at;
    private int tokens;
    private int depth;
    private long low;
    private long high;
    private boolean lineBreaks;

    JsonScanner(byte[] bytes, int from, int to, JsonLimits limits) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.limits = limits;
    }

    /** Index of the next byte to read. */
    int at() {
        return at;
    }

    /** Whether a raw CR or LF stood between tokens so far. */
    boolean sawLineBreak() {
        return lineBreaks;
    }

    /** Passes over white space and answers the next byte without consuming it, or -1 at the end. */
    int peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b == '\n' || b == '\r') {
                lineBreaks = true;
            } else if (b != ' ' && b != '\t') {
                return b & 0xFF;
            }
            at++;
        }
        return -1;
    }

    /** Consumes one structural character. */
    void expect(char c) {
        if (peek() != c) {
            throw unexpected("'" + c + "'");
        }
        at++;
    }

    /** Consumes the separator of a container: true at a comma, false at the closing character. */
    boolean more(char close) {
        int c = peek();
        if (c != ',' && c != close) {
            throw unexpected("',' or '" + close + "'");
        }
        at++;
        return c == ',';
    }

    /** Consumes the opening of an object whose members are then read one by one; it counts as one level. */
    void enter() {
        expect('{');
        push(true);
    }

    /** Refuses anything but white space up to the end. */
    void expectEnd() {
        if (peek() != -1) {
            throw unexpected("the end of the document");
        }
    }

    /** Consumes a member name with its colon; answers where the name's first byte inside the quotes stands. */
    int name() {
        if (peek() != '"') {
            throw unexpected("a member name");
        }
        token();
        int start = at + 1;
        string();
        if (at - 1 - start > limits.maxNameBytes()) {
            throw malformed("a member name longer than " + limits.maxNameBytes() + " bytes", start);
        }
        nameEnd = at - 1;
        expect(':');
        return start;
    }

    private int nameEnd;

    /** Where the name last read ends, exclusive of its quote. */
    int nameEnd() {
        return nameEnd;
    }

    /** Consumes one whole value; answers where it starts. {@link #at()} is its end. */
    int value() {
        int c = peek();
        int start = at;
        int floor = depth;
        while (true) {
            boolean opened = open(c);
            if (!opened) {
                if (!close(floor)) {
                    return start;
                }
            }
            c = peek();
        }
    }

    /** Consumes one whole object as {@link #value} does, and notes where its members stand; null if there are too many. */
    @Nullable
    MemberIndex object() {
        token();
        push(true);
        expect('{');
        MemberIndex.Builder members = new MemberIndex.Builder();
        boolean more = peek() != '}';
        if (!more) {
            at++;
        }
        while (more) {
            int nameStart = name();
            int end = nameEnd;
            int start = value();
            members.add(nameStart, end, start, at);
            more = more('}');
        }
        depth--;
        return members.build();
    }

    /** Begins the value at hand. True if it is a container that has a first element waiting. */
    private boolean open(int c) {
        token();
        switch (c) {
            case '{' -> {
                push(true);
                at++;
                if (peek() != '}') {
                    name();
                    return true;
                }
                at++;
                depth--;
            }
            case '[' -> {
                push(false);
                at++;
                if (peek() != ']') {
                    return true;
                }
                at++;
                depth--;
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number(c);
        }
        return false;
    }

    /** After a complete value: closes containers down to the floor. True if another value is waiting. */
    private boolean close(int floor) {
        while (depth > floor) {
            boolean object = top();
            if (more(object ? '}' : ']')) {
                if (object) {
                    name();
                }
                return true;
            }
            depth--;
        }
        return false;
    }

    private void push(boolean object) {
        if (depth == limits.maxDepth()) {
            throw malformed("nesting deeper than " + limits.maxDepth(), at);
        }
        long bit = 1L << (depth & 63);
        if (depth < 64) {
            low = object ? low | bit : low & ~bit;
        } else {
            high = object ? high | bit : high & ~bit;
        }
        depth++;
    }

    private boolean top() {
        int i = depth - 1;
        return ((i < 64 ? low : high) >>> (i & 63) & 1) != 0;
    }

    private void token() {
        if (++tokens > limits.maxTokens()) {
            throw malformed("more than " + limits.maxTokens() + " names and values", at);
        }
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || bytes[at + i] != word.charAt(i)) {
                throw unexpected("a value");
            }
        }
        at += word.length();
    }

    private void number(int first) {
        int start = at;
        if (first == '-') {
            at++;
        }
        if (at < end && bytes[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && bytes[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            digits();
        }
        if (at - start > limits.maxNumberLength()) {
            throw malformed("a number longer than " + limits.maxNumberLength() + " characters", start);
        }
    }

    private void digits() {
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw unexpected("a value");
        }
    }

    private void string() {
        int i = at + 1;
        while (true) {
            i = passPlain(bytes, i, end);
            if (i >= end) {
                throw malformed("a string that does not end", at);
            }
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return;
            } else if (b == '\\') {
                i = escape(i);
            } else if (b >= 0x20) {
                i++;
            } else if (b >= 0) {
                throw malformed("a raw control character in a string", i);
            } else {
                i = multibyte(i);
            }
        }
    }

    /** Passes over whole words of ordinary characters, and up to the first other one in the word that has one. */
    private static int passPlain(byte[] bytes, int from, int end) {
        int i = passPlainWords(bytes, from, Math.min(end, from + A_WHILE));
        return i - from < A_WHILE ? i : passPlainWords(bytes, passPlainBlocks(bytes, i, end), end);
    }

    private static int passPlainWords(byte[] bytes, int from, int end) {
        int i = from;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long odd = oddities(bytes, i) & HIGH;
            if (odd != 0) {
                // Borrows run upwards only, so the lowest mark is true, and its byte is the one to look at.
                return i + (Long.numberOfTrailingZeros(odd) >>> 3);
            }
        }
        return i;
    }

    private static int passPlainBlocks(byte[] bytes, int from, int end) {
        int i = from;
        while (i <= end - BLOCK_BYTES && isPlainBlock(bytes, i)) {
            i += BLOCK_BYTES;
        }
        return i;
    }

    private static boolean isPlainBlock(byte[] bytes, int from) {
        long odd = 0;
        for (int i = from; i < from + BLOCK_BYTES; i += Long.BYTES) {
            odd |= oddities(bytes, i);
        }
        return (odd & HIGH) == 0;
    }

    /** Has the high bit of each byte of a word that is not ordinary, and perhaps of some above one; and other bits. */
    private static long oddities(byte[] bytes, int at) {
        long word = (long) WORD.get(bytes, at);
        long quoteOrControl = (word ^ QUOTE_BESIDE_CONTROLS) - ONES * (' ' + 1);
        long slash = (word ^ SLASHES) - ONES;
        return quoteOrControl | slash | word;
    }

    private int escape(int i) {
        int c = i + 1 < end ? bytes[i + 1] : -1;
        switch (c) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 2;
            }
            case 'u' -> {
                for (int k = 2; k < 6; k++) {
                    if (i + k >= end || Character.digit(bytes[i + k], 16) < 0) {
                        throw malformed("an escape that is not \\u and four hex digits", i);
                    }
                }
                return i + 6;
            }
            default -> throw malformed("an unknown escape", i);
        }
    }

    private int multibyte(int i) {
        int lead = bytes[i] & 0xFF;
        int second = i + 1 < end ? bytes[i + 1] & 0xFF : 0;
        boolean ok;
        int length;
        if (lead < 0xE0) {
            length = 2;
            ok = lead >= 0xC2 && second >= 0x80 && second <= 0xBF;
        } else if (lead < 0xF0) {
            length = 3;
            ok = second >= (lead == 0xE0 ? 0xA0 : 0x80) && second <= (lead == 0xED ? 0x9F : 0xBF) && tail(i + 2);
        } else {
            length = 4;
            ok = lead <= 0xF4
                    && second >= (lead == 0xF0 ? 0x90 : 0x80)
                    && second <= (lead == 0xF4 ? 0x8F : 0xBF)
                    && tail(i + 2)
                    && tail(i + 3);
        }
        if (!ok) {
            throw malformed("bytes that are not UTF-8", i);
        }
        return i + length;
    }

    private boolean tail(int i) {
        return i < end && (bytes[i] & 0xC0) == 0x80;
    }

    private MalformedMessageException unexpected(String wanted) {
        return at >= end
                ? malformed("the text ends where " + wanted + " should stand", at)
                : malformed("expected " + wanted, at);
    }

    private static MalformedMessageException malformed(String what, int offset) {
        return new MalformedMessageException(
                MalformedMessageException.PARSE_ERROR, "Not JSON: " + what + " (byte " + offset + ")");
    }
}
