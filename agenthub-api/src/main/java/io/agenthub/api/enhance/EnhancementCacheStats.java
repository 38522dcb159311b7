package io.agenthub.api.enhance;

/**
 * What a cache of improvements did since it was made or cleared.
 *
 * @param hits lookups answered from the cache
 * @param misses lookups that were not
 * @param joined lookups among the misses that waited for a load already under way
 * @param loads loads that brought an improvement
 * @param loadFailures loads that failed or were cancelled
 * @param evictions improvements dropped because of their age or for lack of room
 * @param entries improvements held now, about
 * @param weightBytes the memory they take, about
 * @param maxWeightBytes the memory they may take
 */
public record EnhancementCacheStats(
        long hits,
        long misses,
        long joined,
        long loads,
        long loadFailures,
        long evictions,
        long entries,
        long weightBytes,
        long maxWeightBytes) {

    /**
     * How many lookups were answered from the cache.
     *
     * @return 0 to 1; 0 if there were no lookups
     */
    public double hitRate() {
        long lookups = hits + misses;
        return lookups == 0 ? 0 : (double) hits / lookups;
    }
}
