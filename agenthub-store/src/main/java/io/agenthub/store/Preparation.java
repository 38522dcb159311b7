package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes of activities what is kept of them. Thread-safe.
 *
 * <p>The writer does, many in a row, which takes half of what it takes in between other work. Where much waits for it already, whoever
 * appends an activity does it there and then if it does not take long: what is kept is a fraction of the activity, and the rest can go.
 */
final class Preparation {
    /** Requests up to here are recognised on the thread that appends: an event loop should not notice. */
    private static final int QUICK_BYTES = 64 * 1_024;

    private final StoreOptions options;
    private final Shapes shapes;
    /** Taken by whoever prepares an activity; whoever comes meanwhile makes another. */
    private final AtomicReference<@Nullable Recognition> idle = new AtomicReference<>();

    private volatile byte[] key = {};

    Preparation(StoreOptions options) {
        this.options = options;
        this.shapes = new Shapes(options.redaction());
    }

    /** Sets the key by which equal requests are recognised. */
    void with(byte[] ownKey) {
        key = ownKey.clone();
        idle.set(null);
    }

    /** Whether preparing an activity takes so little that it need not wait for the writer. */
    boolean isQuick(Activity activity) {
        boolean bodies = options.bodies()
                && (activity.request().isPresent() || activity.response().isPresent());
        return key.length > 0
                && !bodies
                && activity.detail().isEmpty()
                && (activity.request().isEmpty() || activity.request().get().length() <= QUICK_BYTES);
    }

    /** Prepares an activity, except for its sequence. */
    Entry entry(Activity activity) {
        Bytes own = new Bytes(128);
        Shape shape = pack(activity, own);
        return new Entry(shape, Entry.micros(activity.at()), own.copy());
    }

    /** Writes what an activity has for itself, as it is kept. Returns the rest, its shape. */
    Shape pack(Activity activity, Bytes out) {
        Recognition recognition = idle.getAndSet(null);
        if (recognition == null) {
            recognition = new Recognition(key);
        }
        Entry.pack(activity, options, recognition, out);
        idle.set(recognition);
        return shapes.of(activity);
    }
}
