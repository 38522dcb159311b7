package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a long text is what the paper says. */
class UniversalHashTest {
    private static final BigInteger WORDS = BigInteger.ONE.shiftLeft(64);

    private final Random random = new Random(7);
    private final byte[] key = bytes(UniversalHash.BLOCK);
    private final UniversalHash hash = new UniversalHash(key);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] outcomes(byte[] text) {
        byte[] outcomes = new byte[UniversalHash.outcomes(text.length)];
        hash.compress(ByteBuffer.wrap(text), outcomes, 0);
        return outcomes;
    }

    private static BigInteger unsigned(byte[] bytes, int index) {
        long word = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
        return new BigInteger(Long.toUnsignedString(word));
    }

    /** The sum of two words, as a signed number of 64 bits. */
    private static BigInteger sum(byte[] one, byte[] other, int index) {
        BigInteger sum = unsigned(one, index).add(unsigned(other, index)).mod(WORDS);
        return sum.testBit(63) ? sum.subtract(WORDS) : sum;
    }

    private BigInteger expected(byte[] block) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < UniversalHash.BLOCK / Long.BYTES; i += 2) {
            sum = sum.add(sum(block, key, i).multiply(sum(block, key, i + 1)));
        }
        return sum.mod(WORDS.pow(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 1_023, 1_024, 1_025, 5_000})
    void eachBlockIsTheSumOfTheProductsOfItsWords(int length) {
        byte[] text = bytes(length);
        byte[] outcomes = outcomes(text);
        for (int i = 0; i * UniversalHash.BLOCK < length; i++) {
            int from = i * UniversalHash.BLOCK;
            byte[] block = Arrays.copyOfRange(text, from, Math.min(length, from + UniversalHash.BLOCK));
            BigInteger outcome =
                    unsigned(outcomes, 2 * i).add(unsigned(outcomes, 2 * i + 1).multiply(WORDS));
            assertEquals(expected(Arrays.copyOf(block, UniversalHash.BLOCK)), outcome, "block " + i);
        }
    }

    @Test
    void eachBitMatters() {
        byte[] text = bytes(2_500);
        byte[] outcomes = outcomes(text);
        for (int bit = 0; bit < text.length * Byte.SIZE; bit++) {
            text[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(Arrays.equals(outcomes, outcomes(text)), "bit " + bit);
            text[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void aPartOfABufferIsHashedAndTheBufferLeftAsItIs() {
        byte[] text = bytes(3_000);
        ByteBuffer part = ByteBuffer.wrap(text).position(100).limit(2_900).asReadOnlyBuffer();
        byte[] outcomes = new byte[UniversalHash.outcomes(2_800)];
        hash.compress(part, outcomes, 0);
        assertEquals(100, part.position());
        assertEquals(ByteBuffer.wrap(outcomes(Arrays.copyOfRange(text, 100, 2_900))), ByteBuffer.wrap(outcomes));
    }
}
