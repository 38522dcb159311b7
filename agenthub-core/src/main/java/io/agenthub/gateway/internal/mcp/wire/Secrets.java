package io.agenthub.gateway.internal.mcp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names that nobody can guess and seals that nobody can forge, from one random key that lives as long as this object. The system's
 * random numbers are read once, when it is made, because reading them may block. Thread-safe.
 */
public final class Secrets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final AtomicLong made = new AtomicLong();

    /** Draws a key. Must not be called on an event loop. */
    public Secrets() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        key = new SecretKeySpec(bytes, ALGORITHM);
        // Loads what later calls need.
        name("warm-up");
    }

    /**
     * Makes a name.
     *
     * @param purpose names of different purposes say nothing of each other
     * @return 43 visible characters, never the same again
     */
    public String name(String purpose) {
        byte[] number =
                ByteBuffer.allocate(Long.BYTES).putLong(made.incrementAndGet()).array();
        return seal(purpose, number, new byte[0]);
    }

    /**
     * Seals something.
     *
     * @param purpose seals of one purpose are not good for another
     * @param content what is sealed
     * @param binding what the seal is bound to, though it is not in the content
     * @return 43 visible characters
     */
    public String seal(String purpose, byte[] content, byte[] binding) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
            mac.update(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(binding));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /**
     * Checks a seal, in the same time whatever is wrong with it.
     *
     * @param seal what was shown
     * @param purpose as when it was made
     * @param content as when it was made
     * @param binding as when it was made
     * @return whether it was made here for just this
     */
    public boolean isSealed(String seal, String purpose, byte[] content, byte[] binding) {
        return MessageDigest.isEqual(
                seal.getBytes(StandardCharsets.UTF_8),
                seal(purpose, content, binding).getBytes(StandardCharsets.UTF_8));
    }
}
