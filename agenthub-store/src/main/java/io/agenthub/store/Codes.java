package io.agenthub.store;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.breaker.BreakerState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small numbers for words that never change, as they stand in the tables. */
final class Codes {
    static final int CALL = 0;

    private static final List<Kind> KINDS =
            List.of(Kind.CALL, Kind.SERVER, Kind.BREAKER, Kind.ENHANCEMENT, Kind.GAP, Kind.ALERT);
    private static final List<BreakerState> BREAKERS =
            List.of(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN);

    private Codes() {}

    static int of(Kind kind) {
        return KINDS.indexOf(kind);
    }

    static int of(BreakerState state) {
        return BREAKERS.indexOf(state);
    }

    /** The kind of a number; null if there is none. */
    static @Nullable Kind kind(int code) {
        return code >= 0 && code < KINDS.size() ? KINDS.get(code) : null;
    }

    /** The state of a number; null if there is none. */
    static @Nullable BreakerState breaker(int code) {
        return code >= 0 && code < BREAKERS.size() ? BREAKERS.get(code) : null;
    }
}
