package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Redaction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The shapes of late, each cleaned once. Thread-safe. */
final class Shapes {
    private static final int REMEMBERED = 4_096;
    private static final int AT_HAND = 64;

    private final Redaction redaction;
    private final Map<Shape, Shape> clean = new ConcurrentHashMap<>();
    /** The last shape of a tool of a server, in the place that chance gives it: most activities have it, and make none. */
    private final AtomicReferenceArray<Known> atHand = new AtomicReferenceArray<>(AT_HAND);

    /** A shape as it came, and as it may be kept. */
    private record Known(Shape raw, Shape clean) {}

    Shapes(Redaction redaction) {
        this.redaction = redaction;
    }

    /** The shape of an activity as it may be kept. */
    Shape of(Activity activity) {
        int place = (activity.server().hashCode() * 31 + activity.tool().hashCode()) & (AT_HAND - 1);
        Known known = atHand.get(place);
        if (known != null && known.raw.isOf(activity)) {
            return known.clean;
        }
        Shape raw = Shape.of(activity);
        Shape cleaned = cleaned(raw);
        atHand.set(place, new Known(raw, cleaned));
        return cleaned;
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
