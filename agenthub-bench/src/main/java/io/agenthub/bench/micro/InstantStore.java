package io.agenthub.bench.micro;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** An activity store that counts, so that only the making of a record is measured. */
final class InstantStore implements ActivityStore {
    private final AtomicLong kept = new AtomicLong();

    @Override
    public CompletionStage<Void> open() {
        return Promise.done();
    }

    @Override
    public CompletionStage<Long> append(Activity activity) {
        return Promise.succeeded(kept.incrementAndGet());
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return Promise.done();
    }
}
