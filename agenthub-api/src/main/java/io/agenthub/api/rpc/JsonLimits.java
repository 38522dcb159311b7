package io.agenthub.api.rpc;

/**
 * How much structure a JSON text may have before it is refused. The length in bytes is bounded where the bytes are read.
 *
 * @param maxDepth nesting of arrays and objects, 1 to 128
 * @param maxNumberLength characters of one number
 * @param maxNameBytes bytes of one member name as written
 * @param maxTokens names and values together
 */
public record JsonLimits(int maxDepth, int maxNumberLength, int maxNameBytes, int maxTokens) {

    /** For requests from outside: depth 128, numbers of 1,000 characters, names of 1 KiB, 100,000 tokens. */
    public static final JsonLimits DOOR = new JsonLimits(128, 1_000, 1_024, 100_000);

    /** For what a server answers: as {@link #DOOR}, but as many tokens as the frame limit lets through. */
    public static final JsonLimits RELAY = new JsonLimits(128, 1_000, 1_024, Integer.MAX_VALUE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public JsonLimits {
        if (maxDepth < 1 || maxDepth > 128) {
            throw new IllegalArgumentException("maxDepth " + maxDepth + " is not between 1 and 128");
        }
        if (maxNumberLength < 1 || maxNameBytes < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
    }
}
