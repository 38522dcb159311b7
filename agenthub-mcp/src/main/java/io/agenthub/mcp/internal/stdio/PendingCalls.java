package io.agenthub.mcp.internal.stdio;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls under way, by their private ids. Confined to the loop. */
final class PendingCalls {
    /*
     * Ids count upwards, and the map below hashes a number to itself: the calls in flight would stand in one unbroken run,
     * which each removal would have to walk along. Multiplied by an odd constant they are spread over the table.
     */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final LongObjectMap<Call> calls = new LongObjectHashMap<>();
    private int aside;

    void add(Call call) {
        calls.put(call.id * SPREAD, call);
        aside += call.lane.isAside() ? 1 : 0;
    }

    @Nullable
    Call get(long id) {
        return calls.get(id * SPREAD);
    }

    /** Takes a call out; null if it is not there. */
    @Nullable
    Call remove(long id) {
        Call call = calls.remove(id * SPREAD);
        aside -= call != null && call.lane.isAside() ? 1 : 0;
        return call;
    }

    /** The only call that the server can mean by something it says of its own, if there is exactly one. */
    Optional<Call> sole() {
        return calls.size() - aside == 1 ? sole(call -> !call.lane.isAside()) : Optional.empty();
    }

    /** The only call of some kind, if there is exactly one. */
    Optional<Call> sole(Predicate<Call> kind) {
        Call found = null;
        for (Call call : calls.values()) {
            if (kind.test(call)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = call;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Takes all calls out. */
    List<Call> drain() {
        List<Call> all = new ArrayList<>(calls.values());
        calls.clear();
        aside = 0;
        return all;
    }
}
