package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Redaction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The shapes of late, each cleaned once. Thread-safe. */
final class Shapes {
    private static final int REMEMBERED = 4_096;
    private static final int AT_HAND = 64;

    private final Redaction redaction;
    private final Map<Shape, Shape> clean = new ConcurrentHashMap<>();
    /** The last shape of a tool of a server, in the place that chance gives it: most activities have it, and make none. */
    private final AtomicReferenceArray<@Nullable Known> atHand = new AtomicReferenceArray<>(AT_HAND);
    /** The last of them: its place need not be looked for. */
    private volatile @Nullable Known latest;

    /**
     * The shape of activities.
     *
     * @param activity one of them, without bodies
     * @param clean its shape, as it may be kept
     */
    private record Known(Activity activity, Shape clean) {}

    Shapes(Redaction redaction) {
        this.redaction = redaction;
    }

    /** The shape of an activity as it may be kept. */
    Shape of(Activity activity) {
        Known known = latest;
        if (known == null || !known.activity.isAlike(activity)) {
            known = known(activity);
            latest = known;
        }
        return known.clean;
    }

    private Known known(Activity activity) {
        int place = (activity.server().hashCode() * 31 + activity.tool().hashCode()) & (AT_HAND - 1);
        Known known = atHand.get(place);
        if (known == null || !known.activity.isAlike(activity)) {
            Activity bare = activity.toBuilder().request(null).response(null).build();
            known = new Known(bare, cleaned(Shape.of(activity)));
            atHand.set(place, known);
        }
        return known;
    }

    private Shape cleaned(Shape shape) {
        Shape known = clean.get(shape);
        if (known == null) {
            known = shape.cleaned(redaction);
            if (clean.size() >= REMEMBERED) {
                clean.clear();
            }
            clean.put(shape, known);
        }
        return known;
    }
}
