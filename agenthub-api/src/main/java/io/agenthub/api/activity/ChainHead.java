package io.agenthub.api.activity;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The newest link of a hash chain at some moment. Kept elsewhere, it proves later that nothing up to it was changed.
 *
 * @param sequence the activity it seals, 0 for the beginning of the chain
 * @param at when that activity ended
 * @param hash SHA-256 over the previous link and the activity, 64 lower-case hexadecimal digits
 */
public record ChainHead(long sequence, Instant at, String hash) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the hash is not 64 lower-case hexadecimal digits or the sequence is negative
     */
    public ChainHead {
        if (sequence < 0 || !HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException(
                    "a head is a sequence of 0 or more and a hash of 64 lower-case hexadecimal digits");
        }
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @param line sequence, instant and hash, separated by spaces
     * @return the head
     * @throws IllegalArgumentException if the line is something else
     */
    public static ChainHead parse(String line) {
        String[] parts = line.strip().split(" ", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a head is written as '<sequence> <instant> <hash>'");
        }
        try {
            return new ChainHead(Long.parseLong(parts[0]), Instant.parse(parts[1]), parts[2]);
        } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException("a head is written as '<sequence> <instant> <hash>'", e);
        }
    }

    /** The head on one line: sequence, instant and hash, separated by spaces. */
    @Override
    public String toString() {
        return sequence + " " + at + " " + hash;
    }
}
