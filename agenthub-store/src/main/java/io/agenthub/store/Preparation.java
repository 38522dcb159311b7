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
    private final AtomicReference<@Nullable Desk> idle = new AtomicReference<>();
    private volatile byte[] key = {};

    /** What preparing takes, for one thread at a time. */
    private static final class Desk {
        private final Recognition recognition;
        private final Bytes scratch = new Bytes(1_024);

        Desk(byte[] key) {
            recognition = new Recognition(key);
        }
    }

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

    Entry entry(Activity activity) {
        Desk desk = idle.getAndSet(null);
        if (desk == null) {
            desk = new Desk(key);
        }
        Entry entry = Entry.of(activity, shapes.of(activity), options, desk.recognition, desk.scratch);
        idle.set(desk);
        return entry;
    }
}
