package io.agenthub.api.enhance;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an enhancer did since it was made or reset.
 *
 * @param enhanced prompts that a model improved for their caller
 * @param cached prompts answered by an improvement made earlier
 * @param passedThrough prompts passed through, by the kind of reason, such as {@code timeout} or {@code disabled}
 * @param inFlight calls of models under way now
 * @param cache what the cache did, if there is one
 */
public record EnhancerStats(
        long enhanced,
        long cached,
        Map<String, Long> passedThrough,
        int inFlight,
        Optional<EnhancementCacheStats> cache) {

    /** Nothing happened. */
    public static final EnhancerStats NONE = new EnhancerStats(0, 0, Map.of(), 0, Optional.empty());

    /** Copies. */
    public EnhancerStats {
        passedThrough = Collections.unmodifiableMap(new TreeMap<>(passedThrough));
    }

    /**
     * All prompts passed through.
     *
     * @return the sum over all reasons
     */
    public long passedThroughTotal() {
        return passedThrough.values().stream().mapToLong(Long::longValue).sum();
    }
}
