package io.agenthub.ollama;

import io.agenthub.api.enhance.Enhancement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Improvements by the direction of their prompts. Thread-safe: a look-up holds the lock for one pass over the entries, about
 * a microsecond for each of them.
 */
final class SemanticIndex {
    private static final int MAX_DIMENSIONS = 8_192;

    private final int maxEntries;
    private final long maxAgeNanos;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private int clearings;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(String scope, float[] direction, Enhancement enhancement, long madeAt) {}

    SemanticIndex(int maxEntries, Duration maxAge) {
        this.maxEntries = maxEntries;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /** A vector of length 1 with the same direction; empty if it has none, or too many dimensions. */
    static Optional<float[]> direction(float[] vector) {
        double square = 0;
        for (float x : vector) {
            square += (double) x * x;
        }
        double length = Math.sqrt(square);
        if (vector.length == 0 || vector.length > MAX_DIMENSIONS || length == 0 || !Double.isFinite(length)) {
            return Optional.empty();
        }
        float[] direction = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            direction[i] = (float) (vector[i] / length);
        }
        return Optional.of(direction);
    }

    /** How often it was cleared. */
    synchronized int clearings() {
        return clearings;
    }

    /**
     * Adds an improvement, unless the index was cleared since the prompt was taken up.
     *
     * @param taken what {@link #clearings} said then
     * @param scope what two prompts must have in common to be compared at all
     */
    synchronized void add(int taken, String scope, float[] direction, Enhancement enhancement, long now) {
        if (taken != clearings) {
            return;
        }
        entries.addLast(new Entry(scope, direction, enhancement, now));
        if (entries.size() > maxEntries) {
            entries.removeFirst();
        }
    }

    /** The improvement of the prompt nearest in meaning, with the distance, if one is near enough. */
    synchronized Optional<Enhancement> nearest(String scope, float[] direction, double threshold, long now) {
        dropOld(now);
        Entry best = null;
        double most = threshold;
        for (Entry entry : entries) {
            if (entry.scope.equals(scope) && entry.direction.length == direction.length) {
                double cosine = cosine(entry.direction, direction);
                if (cosine >= most) {
                    most = cosine;
                    best = entry;
                }
            }
        }
        return best == null
                ? Optional.empty()
                : Optional.of(new Enhancement(
                        best.enhancement.text(),
                        best.enhancement.model(),
                        true,
                        OptionalDouble.of(Math.max(0, 1 - most))));
    }

    private void dropOld(long now) {
        Iterator<Entry> oldestFirst = entries.iterator();
        while (oldestFirst.hasNext() && now - oldestFirst.next().madeAt > maxAgeNanos) {
            oldestFirst.remove();
        }
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    synchronized void clear() {
        clearings++;
        entries.clear();
    }
}
