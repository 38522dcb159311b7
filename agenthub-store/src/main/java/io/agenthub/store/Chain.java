package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The links of the hash chain: h(n) = SHA-256(h(n-1) + record n). Confined to one thread. */
final class Chain {
    private final MessageDigest digest;
    private final Canonical canonical = new Canonical();

    Chain() {
        digest = sha256();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What stands for a shape in the links of its records. */
    static byte[] digest(Shape shape) {
        return sha256().digest(shape.packed());
    }

    Hash link(Hash previous, Entry record, long sequence, Form form) {
        canonical.with(previous.bytes(), record, sequence, form).update(digest);
        return new Hash(digest.digest());
    }

    /** What a chain begins with: chance, so that the heads of one never fit another. */
    static Hash genesis() {
        byte[] genesis = new byte[32];
        new SecureRandom().nextBytes(genesis);
        return new Hash(genesis);
    }

    /** Proves that the owner of the key moved the beginning of the chain here. */
    static Hash seal(byte[] key, long sequence, long micros, Hash hash) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(ByteBuffer.allocate(16).putLong(sequence).putLong(micros).flip());
            return new Hash(mac.doFinal(hash.bytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static ChainHead head(long sequence, long micros, Hash hash) {
        return new ChainHead(sequence, Entry.instant(micros), hash.hex());
    }
}
