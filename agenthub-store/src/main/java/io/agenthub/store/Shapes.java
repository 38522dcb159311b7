package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Redaction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of late, each cleaned once. Thread-safe. */
final class Shapes {
    private static final int REMEMBERED = 4_096;

    private final Redaction redaction;
    private final Map<Shape, Shape> clean = new ConcurrentHashMap<>();

    Shapes(Redaction redaction) {
        this.redaction = redaction;
    }

    /** The shape of an activity as it may be kept. */
    Shape of(Activity activity) {
        Shape shape = Shape.of(activity);
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
