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
    private volatile Keyed keyed = new Keyed(new byte[0]);

    /** A key, and what recognises requests by it: taken by whoever prepares an activity; whoever comes meanwhile makes another. */
    private static final class Keyed {
        private final byte[] key;
        private final AtomicReference<@Nullable Recognition> idle = new AtomicReference<>();

        Keyed(byte[] key) {
            this.key = key;
        }
    }

    Preparation(StoreOptions options) {
        this.options = options;
        this.shapes = new Shapes(options.redaction());
    }

    /** Sets the key by which equal requests are recognised. */
    void with(byte[] ownKey) {
        keyed = new Keyed(ownKey.clone());
    }

    /** Whether preparing an activity takes so little that it need not wait for the writer. */
    boolean isQuick(Activity activity) {
        boolean bodies = options.bodies()
                && (activity.request().isPresent() || activity.response().isPresent());
        return keyed.key.length > 0
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
        Keyed current = keyed;
        Recognition recognition = current.idle.getAndSet(null);
        if (recognition == null) {
            recognition = new Recognition(current.key);
        }
        Entry.pack(activity, options, recognition, out);
        current.idle.set(recognition);
        return shapes.of(activity);
    }
}
