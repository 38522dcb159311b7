package io.agenthub.store;

import io.agenthub.api.rpc.JsonText;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises equal requests without keeping them: a keyed hash, so that nobody who has the record but not the key can try out
 * what a request was. For one thread at a time.
 *
 * <p>The key is hashed before the request, and half of what comes out is kept: a pseudorandom function as HMAC is one, since nobody
 * can go on from half of it (Bellare, Bernstein and Tessaro 2016), at half of the cost for requests as short as most are. Of a long
 * request, not its bytes are hashed but what a {@link UniversalHash} makes of them: a pseudorandom function of a universal hash
 * is one as well (Wegman and Carter 1981), and equal requests are recognised as before.
 */
final class Recognition {
    private static final String DERIVATION = "HmacSHA256";
    /** Tells this use of the key from the sealing of anchors. */
    private static final byte[] PURPOSE = {'r', 'e', 'q', 'u', 'e', 's', 't'};

    private static final byte[] LONG_PURPOSE = {'l', 'o', 'n', 'g', ' '};
    /** No request begins with it. */
    private static final byte LONG = 0;

    private static final int DIGEST = 32;
    private static final int KEPT = DIGEST / 2;

    /** Most requests are not longer. */
    private static final int USUAL = 4 * 1_024;

    private final MessageDigest digest;
    private final UniversalHash universal;
    /** The key, and behind it what is hashed of a request. */
    private byte[] scratch;

    private final byte[] whole = new byte[DIGEST];
    private final byte[] kept = new byte[KEPT];

    Recognition(byte[] key) {
        try {
            Mac derivation = Mac.getInstance(DERIVATION);
            derivation.init(new SecretKeySpec(key, DERIVATION));
            scratch = Arrays.copyOf(derivation.doFinal(PURPOSE), DIGEST + USUAL);
            universal = new UniversalHash(longKey(derivation));
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and HmacSHA256", e);
        }
    }

    private static byte[] longKey(Mac derivation) {
        ByteBuffer key = ByteBuffer.allocate(UniversalHash.BLOCK);
        for (byte i = 0; key.hasRemaining(); i++) {
            derivation.update(LONG_PURPOSE);
            derivation.update(i);
            key.put(derivation.doFinal());
        }
        return key.array();
    }

    /** What recognises a request; until the next is hashed. */
    byte[] hash(JsonText request) {
        int end = request.length() <= USUAL ? request.copyTo(scratch, DIGEST) : compress(request);
        digest.update(scratch, 0, end);
        try {
            digest.digest(whole, 0, DIGEST);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        System.arraycopy(whole, 0, kept, 0, KEPT);
        return kept;
    }

    private int compress(JsonText request) {
        int from = DIGEST + 1 + Integer.BYTES;
        int end = from + UniversalHash.outcomes(request.length());
        if (end > scratch.length) {
            scratch = Arrays.copyOf(scratch, end);
        }
        ByteBuffer.wrap(scratch, DIGEST, from - DIGEST).put(LONG).putInt(request.length());
        universal.compress(request.asByteBuffer(), scratch, from);
        return end;
    }
}
