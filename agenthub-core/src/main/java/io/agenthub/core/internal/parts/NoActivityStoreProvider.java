package io.agenthub.core.internal.parts;

import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.ProviderContext;
import java.util.concurrent.CompletionStage;

/** The activity store {@code none}: keeps nothing. */
public final class NoActivityStoreProvider implements ActivityStoreProvider {

    /** Called by the service loader. */
    public NoActivityStoreProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public ActivityStore create(Settings settings, ProviderContext context) {
        if (!settings.keys().isEmpty()) {
            throw settings.error(
                    settings.keys().iterator().next(), "unknown key; the activity store 'none' takes no settings");
        }
        return new NoActivityStore();
    }

    private static final class NoActivityStore implements ActivityStore {
        private final CompletionStage<Void> done = Promise.done();
        private final CompletionStage<Long> unnumbered = Promise.succeeded(0L);

        @Override
        public CompletionStage<Void> open() {
            return done;
        }

        @Override
        public CompletionStage<Long> append(Activity activity) {
            return unnumbered;
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return done;
        }
    }
}
