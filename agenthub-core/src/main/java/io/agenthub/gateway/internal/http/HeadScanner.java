package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at the bytes of a request's head before the codec does, and refuses what the codec would repair: bare line feeds, folded
 * lines, white space before a colon, control characters, empty lines in front, doubled spaces in the request line.
 *
 * <p>Confined to the event loop of its connection; used for one head after another.
 */
final class HeadScanner {
    private static final int WINDOW_BYTES = 2 * 1024;

    /** Bytes are looked at in an array, a piece at a time: each one costs less there than in a buffer. */
    private static final FastThreadLocal<byte[]> WINDOW = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[WINDOW_BYTES];
        }
    };

    /** Zeros stand for any digit. */
    private static final String VERSION = "HTTP/0.0";

    /** Eight bytes at once: what is asked of each is whether its high bit is set, after a sum that can set it. */
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private static final boolean[] TOKEN = new boolean[128];

    static {
        String tokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        tokenCharacters.chars().forEach(c -> TOKEN[c] = true);
    }

    private final HttpLimits limits;
    private int scanned;
    private int line;
    private int lineLength;
    private int headerBytes;
    private int spaces;
    private int version;
    private boolean afterCr;
    private boolean afterSpace;
    private boolean colon;
    private boolean complete;

    HeadScanner(HttpLimits limits) {
        this.limits = limits;
    }

    /**
     * Goes on where the last call stopped.
     *
     * @return whether the buffer holds a whole head from its reader index on
     * @throws Refusal if it cannot become a valid head
     */
    boolean scan(ByteBuf in) {
        byte[] window = WINDOW.get();
        int left = in.readableBytes() - scanned;
        while (left > 0 && !complete) {
            int length = Math.min(left, window.length);
            in.getBytes(in.readerIndex() + scanned, window, 0, length);
            left -= length;
            scan(window, length);
        }
        return complete;
    }

    private void scan(byte[] bytes, int to) {
        int at = 0;
        while (at < to && !complete) {
            int plain = line == 0 ? plainTarget(bytes, at, to) : plainHeader(bytes, at, to);
            at += plain;
            scanned += plain;
            if (at < to) {
                process(bytes[at++]);
            }
        }
    }

    /** How many bytes of the target can be passed over at once; they are counted. */
    private int plainTarget(byte[] bytes, int from, int to) {
        if (spaces != 1 || afterSpace || afterCr) {
            return 0;
        }
        int end = Math.min(to, from + limits.maxLineBytes() - lineLength);
        int at = from;
        while (at < end && bytes[at] > ' ' && bytes[at] != 0x7F) {
            at++;
        }
        lineLength += at - from;
        return at - from;
    }

    /** How many bytes of a header's name or value can be passed over at once; they are counted. */
    private int plainHeader(byte[] bytes, int from, int to) {
        if (afterCr) {
            return 0;
        }
        int end = Math.min(to, from + limits.maxHeaderBytes() - headerBytes);
        int at = from;
        if (colon) {
            at = plainValue(bytes, from, end);
        } else {
            while (at < end && bytes[at] >= 0 && TOKEN[bytes[at]]) {
                at++;
            }
        }
        lineLength += at - from;
        headerBytes += at - from;
        return at - from;
    }

    /** Where the printable ASCII ends that begins here. */
    private static int plainValue(byte[] bytes, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long word = (long) WORD.get(bytes, at);
            // Borrows and carries go up from a byte that is marked itself, so that the lowest mark is right.
            long marks = (word - ONES * ' ' | word | word + ONES) & HIGH;
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        while (at < end && bytes[at] >= ' ' && bytes[at] != 0x7F) {
            at++;
        }
        return at;
    }

    /** Whether a head has begun and is not complete. */
    boolean isPartial() {
        return scanned > 0 && !complete;
    }

    /** Gets ready for the next head. */
    void reset() {
        scanned = 0;
        line = 0;
        lineLength = 0;
        headerBytes = 0;
        spaces = 0;
        version = 0;
        afterCr = false;
        afterSpace = false;
        colon = false;
        complete = false;
    }

    private void process(byte value) {
        scanned++;
        if (afterCr) {
            if (value != '\n') {
                throw Refusal.malformed("a carriage return without a line feed");
            }
            afterCr = false;
            endLine();
            return;
        }
        if (value == '\r') {
            afterCr = true;
        } else if (value == '\n') {
            throw Refusal.malformed("a line feed without a carriage return");
        } else if (line == 0) {
            inRequestLine(value);
        } else {
            inHeader(value);
        }
    }

    private void inRequestLine(byte value) {
        if (++lineLength > limits.maxLineBytes()) {
            throw Refusal.closing(
                    414, ErrorKind.BAD_REQUEST, "The request line is longer than " + limits.maxLineBytes() + " bytes");
        }
        if (value < 0x20 || value == 0x7F) {
            throw Refusal.malformed("a byte in the request line that is not printable ASCII");
        }
        if (value == ' ') {
            if (afterSpace || lineLength == 1 || ++spaces > 2) {
                throw Refusal.malformed("the request line is not METHOD SP TARGET SP VERSION");
            }
        } else if (spaces == 0 && (value < 'A' || value > 'Z')) {
            throw Refusal.malformed("the method is not in capital letters");
        } else if (spaces == 2 && !isNextOfVersion(value)) {
            throw Refusal.malformed("the version is not HTTP/1.1");
        }
        afterSpace = value == ' ';
    }

    private boolean isNextOfVersion(byte value) {
        if (version >= VERSION.length()) {
            return false;
        }
        char wanted = VERSION.charAt(version++);
        return wanted == '0' ? value >= '0' && value <= '9' : value == wanted;
    }

    private void inHeader(byte value) {
        lineLength++;
        if (++headerBytes > limits.maxHeaderBytes()) {
            throw tooLarge();
        }
        if (colon) {
            if ((value >= 0 && value < 0x20 && value != '\t') || value == 0x7F) {
                throw Refusal.malformed("a control character in a header");
            }
        } else if (value == ':' && lineLength > 1) {
            colon = true;
        } else if (value < 0 || !TOKEN[value]) {
            throw Refusal.malformed(
                    lineLength == 1 && (value == ' ' || value == '\t')
                            ? "a folded header line"
                            : "a character in a header name that does not belong there");
        }
    }

    private void endLine() {
        if (line == 0) {
            if (version != VERSION.length()) {
                throw Refusal.malformed("the request line is not METHOD SP TARGET SP VERSION");
            }
        } else if (lineLength == 0) {
            complete = true;
            return;
        } else if (!colon) {
            throw Refusal.malformed("a header line without a colon");
        } else if ((headerBytes += 2) > limits.maxHeaderBytes() || line > limits.maxHeaders()) {
            throw tooLarge();
        }
        line++;
        lineLength = 0;
        colon = false;
    }

    private Refusal tooLarge() {
        return Refusal.closing(
                431,
                ErrorKind.BAD_REQUEST,
                "The headers exceed " + limits.maxHeaderBytes() + " bytes or " + limits.maxHeaders() + " lines");
    }
}
