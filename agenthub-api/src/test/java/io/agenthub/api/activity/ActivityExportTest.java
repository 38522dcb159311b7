package io.agenthub.api.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActivityExportTest {
    /** Is asked for pages, and gives none. */
    private static final class Pondering implements ActivityStore {
        final List<Promise<ActivityPage>> asked = new ArrayList<>();

        @Nullable
        Error error;

        @Override
        public CompletionStage<Void> open() {
            return Promise.done();
        }

        @Override
        public CompletionStage<Long> append(Activity activity) {
            return Promise.succeeded(0L);
        }

        @Override
        public CompletionStage<ActivityPage> find(ActivityQuery query) {
            if (error != null) {
                throw error;
            }
            Promise<ActivityPage> page = new Promise<>(Runnable::run);
            asked.add(page);
            return page;
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return Promise.done();
        }
    }

    private static final class Reader implements Flow.Subscriber<ByteBuffer> {
        final List<String> heard = new ArrayList<>();
        Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ByteBuffer item) {
            heard.add("piece");
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(String.valueOf(failure.getMessage()));
        }

        @Override
        public void onComplete() {
            heard.add("end");
        }
    }

    @Test
    void whoGivesUpGivesThePageUpThatIsBeingRead() {
        Pondering store = new Pondering();
        Reader reader = new Reader();
        store.export(ActivityQuery.ALL, ActivityFormat.CSV).subscribe(reader);
        assertFalse(store.asked.get(0).isCancelled());
        Flow.Subscription given = reader.subscription;
        assertTrue(given != null);
        given.cancel();
        assertTrue(store.asked.get(0).isCancelled(), "the store need not go on");
        assertEquals(List.of(), reader.heard);
    }

    @Test
    void aStoreThatCannotBeginToReadFailsTheExport() {
        Pondering store = new Pondering();
        store.error = new StackOverflowError("no thread");
        Reader reader = new Reader();
        store.export(ActivityQuery.ALL, ActivityFormat.CSV).subscribe(reader);
        assertEquals(List.of("no thread"), reader.heard);
    }
}
