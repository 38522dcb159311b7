package io.agenthub.core.internal.enhance;

import java.util.concurrent.atomic.LongAdder;

/** What a cache has counted since it was last cleared. Thread-safe. */
final class CacheCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder joined = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder evictions = new LongAdder();
}
