package io.agenthub.store;

import io.agenthub.api.rpc.JsonText;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises equal requests without keeping them: a keyed hash, so that nobody who has the record but not the key can try out
 * what a request was. For one thread at a time.
 */
final class Recognition {
    private static final String ALGORITHM = "HmacSHA256";
    /** Tells this use of the key from the sealing of anchors. */
    private static final byte[] PURPOSE = {'r', 'e', 'q', 'u', 'e', 's', 't'};

    private static final int BYTES = 16;

    /** Most requests are not longer. */
    private final byte[] scratch = new byte[Preparation.QUICK_BYTES];

    private final byte[] whole = new byte[32];
    private final Mac mac;

    Recognition(byte[] key) {
        try {
            Mac derivation = Mac.getInstance(ALGORITHM);
            derivation.init(new SecretKeySpec(key, ALGORITHM));
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(derivation.doFinal(PURPOSE), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    byte[] hash(JsonText request) {
        if (request.length() <= scratch.length) {
            mac.update(scratch, 0, request.copyTo(scratch, 0));
        } else {
            mac.update(request.asByteBuffer());
        }
        try {
            mac.doFinal(whole, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        return Arrays.copyOf(whole, BYTES);
    }
}
