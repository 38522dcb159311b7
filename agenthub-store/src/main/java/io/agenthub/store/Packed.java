package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes apart what {@link Bytes} put together. Whatever somebody made of them, it reads no further than their end. */
final class Packed {
    private final byte[] in;
    private int at;

    Packed(byte[] in, int at) {
        this.in = in;
        this.at = at;
    }

    /** These are not the bytes that were written. */
    static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedException() {
            super("The bytes are not what was written", null, false, false);
        }
    }

    /** What is taken apart; not to be changed. */
    byte[] in() {
        return in;
    }

    int position() {
        return at;
    }

    boolean isAtEnd() {
        return at == in.length;
    }

    void backTo(int position) {
        at = position;
    }

    int one() {
        if (at >= in.length) {
            throw new DamagedException();
        }
        return in[at++] & 0xff;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = one();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new DamagedException();
    }

    /** A number that counts what still has to follow, each of at least a byte. */
    int count() {
        long value = number();
        if (value < 0 || value > in.length - at) {
            throw new DamagedException();
        }
        return (int) value;
    }

    /** An HTTP status, or something else that small. */
    int status() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new DamagedException();
        }
        return (int) value;
    }

    @Nullable
    String text() {
        int length = size();
        return length < 0 ? null : new String(in, skip(length), length, StandardCharsets.UTF_8);
    }

    byte @Nullable [] sized() {
        int length = size();
        return length < 0 ? null : bytes(length);
    }

    byte[] bytes(int length) {
        int from = skip(length);
        return Arrays.copyOfRange(in, from, from + length);
    }

    /** Passes over bytes, as many as a number says. Returns whether there are any, be they none. */
    boolean skipSized() {
        int length = size();
        if (length > 0) {
            skip(length);
        }
        return length >= 0;
    }

    /** Passes over bytes. Returns where they begin. */
    int skip(int length) {
        int from = at;
        if (length > in.length - from) {
            throw new DamagedException();
        }
        at = from + length;
        return from;
    }

    /** Whether a text, as {@link Bytes#text} writes it, comes next; passes over nothing. */
    boolean isNext(byte[] text) {
        return text.length <= in.length - at && Arrays.equals(in, at, at + text.length, text, 0, text.length);
    }

    /** Passes over bytes, and copies them. */
    void copy(int length, Bytes out) {
        out.part(in, skip(length), length);
    }

    /** The size of what comes next, or -1 for none. */
    int size() {
        long value = number() - 1;
        if (value < -1 || value > in.length - at) {
            throw new DamagedException();
        }
        return (int) value;
    }
}
