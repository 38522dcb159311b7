package io.agenthub.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Makes sixteen bytes of each {@value #BLOCK} of a long text, many times as fast as a cryptographic hash: the NHS of UMAC, on words of
 * 64 bits. Two texts of one length that differ have the same outcomes with a probability of at most 2<sup>-63</sup>, over all keys. It
 * is no secret and no evidence by itself; what is made of it goes through a pseudorandom function. For one thread at a time.
 *
 * @see <a href="https://www.fastcrypto.org/umac/">J. Black, S. Halevi, H. Krawczyk, T. Krovetz and P. Rogaway, UMAC: Fast and Secure
 *     Message Authentication, CRYPTO 1999</a>
 */
final class UniversalHash {
    /** Bytes of a text that go into one outcome; the last ones may be fewer and are filled up with zeros. */
    static final int BLOCK = 1_024;

    /** Bytes of an outcome. */
    static final int OUTCOME = 2 * Long.BYTES;

    private static final long HALF = 0xffff_ffffL;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] key = new long[BLOCK / Long.BYTES];
    private final byte[] block = new byte[BLOCK];

    /**
     * Keeps the key.
     *
     * @param key of {@link #BLOCK} secret, random bytes
     */
    UniversalHash(byte[] key) {
        for (int i = 0; i < this.key.length; i++) {
            this.key[i] = (long) WORDS.get(key, i * Long.BYTES);
        }
    }

    /** How many bytes {@link #compress} makes of a text. */
    static int outcomes(int length) {
        return (length + BLOCK - 1) / BLOCK * OUTCOME;
    }

    /** Writes the outcomes of a text's blocks side by side; the buffer is left as it is. */
    void compress(ByteBuffer text, byte[] target, int offset) {
        int at = offset;
        for (int i = text.position(); i < text.limit(); i += BLOCK) {
            int length = Math.min(BLOCK, text.limit() - i);
            text.get(i, block, 0, length);
            Arrays.fill(block, length, BLOCK, (byte) 0);
            compressBlock(target, at);
            at += OUTCOME;
        }
    }

    /** The sum of the products of neighbouring words, each with its word of the key added, as signed numbers, modulo 2<sup>128</sup>. */
    private void compressBlock(byte[] target, int offset) {
        // The lower words of the products are summed up by halves, so that what they carry is added once.
        long lowest = 0;
        long middle = 0;
        long high = 0;
        // Up to the last pair: so the compiler sees that both indices are within, and checks neither.
        for (int i = 0; i < key.length - 1; i += 2) {
            long a = (long) WORDS.get(block, i * Long.BYTES) + key[i];
            long b = (long) WORDS.get(block, (i + 1) * Long.BYTES) + key[i + 1];
            long low = a * b;
            lowest += low & HALF;
            middle += low >>> Integer.SIZE;
            high += Math.multiplyHigh(a, b);
        }
        middle += lowest >>> Integer.SIZE;
        WORDS.set(target, offset, (middle << Integer.SIZE) | (lowest & HALF));
        WORDS.set(target, offset + Long.BYTES, high + (middle >>> Integer.SIZE));
    }
}
