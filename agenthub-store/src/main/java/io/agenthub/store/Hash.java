package io.agenthub.store;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The bytes of a link or a seal. Immutable: nobody changes the array once it is here. */
final class Hash {
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of a column; what was changed to nothing is empty. */
    static Hash of(byte @Nullable [] bytes) {
        return new Hash(bytes == null ? new byte[0] : bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /** 64 digits, whatever somebody wrote in its place. */
    String hex() {
        return bytes.length == 32 ? HEX.formatHex(bytes) : "0".repeat(64);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
