package io.agenthub.mcp.internal.stdio;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls under way, by their private ids. Confined to the loop. */
final class PendingCalls {
    /*
     * Ids count upwards, and the map below hashes a number to itself: the calls in flight would stand in one unbroken run,
     * which each removal would have to walk along. Multiplied by an odd constant they are spread over the table.
     */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final LongObjectMap<Call> calls = new LongObjectHashMap<>();

    void add(Call call) {
        calls.put(call.id * SPREAD, call);
    }

    @Nullable
    Call get(long id) {
        return calls.get(id * SPREAD);
    }

    /** Takes a call out; null if it is not there. */
    @Nullable
    Call remove(long id) {
        return calls.remove(id * SPREAD);
    }

    /** The only call there is, if there is exactly one. */
    Optional<Call> sole() {
        return calls.size() == 1 ? Optional.of(calls.values().iterator().next()) : Optional.empty();
    }

    /** Takes all calls out. */
    List<Call> drain() {
        List<Call> all = new ArrayList<>(calls.values());
        calls.clear();
        return all;
    }
}
