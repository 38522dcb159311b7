package io.agenthub.store;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import org.jspecify.annotations.Nullable;

/**
 * An activity on its way to the database.
 *
 * @param promise whom to tell, or null if nobody waits
 * @param bodyBytes how much it holds of the queue's allowance for bodies
 * @param gap the loss it stands for, or null
 */
record Pending(
        Activity activity,
        @Nullable Promise<Long> promise,
        long bodyBytes,
        @Nullable Gap gap) {

    void written(long sequence) {
        if (promise != null) {
            promise.succeed(sequence);
        }
    }

    void lost(Throwable cause) {
        if (promise != null) {
            promise.fail(cause);
        }
    }
}
