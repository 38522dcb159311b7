package io.agenthub.core.internal.lease;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection of a pool, from the order to open it until it is closed. Guarded by its pool. */
final class Slot {
    final String key;
    final boolean exclusive;
    final List<Promise<Lease>> opening = new ArrayList<>();

    /** The attempt to open it, once it has begun. */
    @Nullable
    CompletionStage<Bridge> connecting;

    @Nullable
    Bridge bridge;

    /** Ends the call that uses it, whose caller has not answered a question of the server since {@link #askedSince}. */
    @Nullable
    Runnable displace;

    long askedSince;
    int users;
    long idleSince;
    boolean retired;

    Slot(String key, boolean exclusive) {
        this.key = key;
        this.exclusive = exclusive;
    }

    boolean idle() {
        return bridge != null && users == 0;
    }
}
