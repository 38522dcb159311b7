package io.agenthub.gateway.internal.http;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where requests went lately, shared by all connections of the gateway: what was found for one of them is true for the next one like
 * it, and a thousand clients of one tool remember it once. For requests that are authorized only: what routes there are is not told
 * to others. Each place holds one, a few hundred bytes and at most some 9 KB; two that share a place take turns. Thread-safe.
 */
final class RecentRoutes {
    /** As a power of two. */
    private static final int PLACES = 256;

    private final AtomicReferenceArray<@Nullable Routed> places = new AtomicReferenceArray<>(PLACES);

    /** Where such a request went, if that is remembered. */
    @Nullable
    Routed find(String method, String uri) {
        Routed routed = places.get(place(method, uri));
        return routed != null && routed.isFor(method, uri) ? routed : null;
    }

    /** Remembers where a request went, unless it takes too much room or is not likely to come again. */
    void keep(Routed routed) {
        if (routed.isWorthKeeping()) {
            places.set(place(routed.method(), routed.uri()), routed);
        }
    }

    private static int place(String method, String uri) {
        int hash = 31 * method.hashCode() + uri.hashCode();
        return (hash ^ hash >>> Byte.SIZE ^ hash >>> Short.SIZE) & PLACES - 1;
    }
}
