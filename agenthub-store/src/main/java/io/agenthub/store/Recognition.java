package io.agenthub.store;

import io.agenthub.api.rpc.JsonText;
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
 * can go on from half of it (Bellare, Bernstein and Tessaro 2016), at half of the cost for requests as short as most are.
 */
final class Recognition {
    private static final String DERIVATION = "HmacSHA256";
    /** Tells this use of the key from the sealing of anchors. */
    private static final byte[] PURPOSE = {'r', 'e', 'q', 'u', 'e', 's', 't'};

    private static final int DIGEST = 32;
    private static final int KEPT = DIGEST / 2;

    /** Most requests are not longer. */
    private static final int USUAL = 4 * 1_024;

    private final MessageDigest digest;
    private final byte[] key;
    /** The key, and behind it a request. */
    private final byte[] scratch;

    private final byte[] whole = new byte[DIGEST];
    private final byte[] kept = new byte[KEPT];

    Recognition(byte[] key) {
        try {
            Mac derivation = Mac.getInstance(DERIVATION);
            derivation.init(new SecretKeySpec(key, DERIVATION));
            this.key = derivation.doFinal(PURPOSE);
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and HmacSHA256", e);
        }
        scratch = Arrays.copyOf(this.key, DIGEST + USUAL);
    }

    /** What recognises a request; until the next is hashed. */
    byte[] hash(JsonText request) {
        if (request.length() <= scratch.length - DIGEST) {
            digest.update(scratch, 0, request.copyTo(scratch, DIGEST));
        } else {
            digest.update(key);
            digest.update(request.asByteBuffer());
        }
        try {
            digest.digest(whole, 0, DIGEST);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        System.arraycopy(whole, 0, kept, 0, KEPT);
        return kept;
    }
}
