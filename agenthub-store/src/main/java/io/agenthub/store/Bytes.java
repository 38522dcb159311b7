package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that are put together, in a buffer that is used again and again. Confined to one thread. */
final class Bytes {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] out;
    private int end;

    Bytes(int capacity) {
        out = new byte[capacity];
    }

    /** Begins anew. */
    Bytes clear() {
        end = 0;
        return this;
    }

    /** Forgets what stands behind so many. */
    void cut(int length) {
        end = length;
    }

    int length() {
        return end;
    }

    Bytes one(int value) {
        room(1);
        out[end++] = (byte) value;
        return this;
    }

    /** A number in eight bytes, the most significant first. */
    Bytes eight(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out[end++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** A number in four bytes, the most significant first. */
    Bytes four(int value) {
        room(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out[end++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** A number in as few bytes as it takes, seven bits in each, the least significant first. */
    Bytes number(long value) {
        room(Long.BYTES + 2);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[end++] = (byte) rest;
        return this;
    }

    Bytes all(byte[] bytes) {
        return part(bytes, 0, bytes.length);
    }

    Bytes all(Bytes other) {
        return part(other.out, 0, other.end);
    }

    Bytes part(byte[] bytes, int from, int length) {
        room(length);
        System.arraycopy(bytes, from, out, end, length);
        end += length;
        return this;
    }

    /** A text of as many bytes as a number before it says, less one; 0 for none. */
    Bytes text(@Nullable String text) {
        if (text == null) {
            return one(0);
        }
        int begin = end;
        number(text.length() + 1L);
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                end = begin;
                return sized(text.getBytes(StandardCharsets.UTF_8));
            }
            out[end++] = (byte) c;
        }
        return this;
    }

    /** Bytes, as many as a number before them says, less one; 0 for none. */
    Bytes sized(byte @Nullable [] bytes) {
        return bytes == null ? one(0) : number(bytes.length + 1L).all(bytes);
    }

    /** Two digits for each byte. */
    Bytes hexadecimal(byte[] bytes, int from, int length) {
        room(2 * length);
        int at = end;
        for (int i = from; i < from + length; i++) {
            out[at++] = DIGITS[bytes[i] >> 4 & 0xf];
            out[at++] = DIGITS[bytes[i] & 0xf];
        }
        end = at;
        return this;
    }

    byte[] copy() {
        return Arrays.copyOf(out, end);
    }

    /** An activity of which a part of this is what it has for itself; until this is cleared. */
    Entry entry(Shape shape, long micros, int from, int to) {
        return new Entry(shape, micros, out, from, to);
    }

    void update(MessageDigest digest) {
        digest.update(out, 0, end);
    }

    private void room(int bytes) {
        if (out.length - end < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + bytes));
        }
    }
}
