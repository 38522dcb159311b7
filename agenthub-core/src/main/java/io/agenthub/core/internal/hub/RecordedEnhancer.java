package io.agenthub.core.internal.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The enhancer as the hub lends it to others: the same, and each prompt is recorded. Thread-safe. */
final class RecordedEnhancer implements Enhancer {
    private static final String PART = "enhancer";

    private final Enhancer enhancer;
    private final ActivityRecorder recorder;
    private final Scheduler scheduler;

    RecordedEnhancer(Enhancer enhancer, ActivityRecorder recorder, Scheduler scheduler) {
        this.enhancer = enhancer;
        this.recorder = recorder;
        this.scheduler = scheduler;
    }

    @Override
    public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
        return recorded(prompt, () -> enhancer.enhance(prompt));
    }

    @Override
    public CompletionStage<EnhancedPrompt> enhance(Prompt prompt, EnhancementListener listener) {
        return recorded(prompt, () -> enhancer.enhance(prompt, listener));
    }

    private CompletionStage<EnhancedPrompt> recorded(Prompt prompt, Supplier<CompletionStage<EnhancedPrompt>> ask) {
        long begun = scheduler.nanoTime();
        CompletionStage<EnhancedPrompt> stage = SafeStages.call(PART, ask);
        Recorded recorded = new Recorded(stage);
        stage.whenComplete((enhanced, failure) -> {
            if (enhanced != null) {
                recorder.enhanced(prompt, enhanced, scheduler.nanoTime() - begun);
                recorded.succeed(enhanced);
            } else {
                Throwable fault = failure == null ? new NullPointerException("null prompt") : failure;
                recorded.fail(SafeStages.unwrap(fault, PART, null, false));
            }
        });
        return recorded;
    }

    /** Completed on the thread that the enhancer completes its stage on. */
    private static final class Recorded extends Promise<EnhancedPrompt> {
        private final CompletionStage<EnhancedPrompt> stage;

        Recorded(CompletionStage<EnhancedPrompt> stage) {
            super(Runnable::run);
            this.stage = stage;
        }

        @Override
        protected void onCancel() {
            stage.toCompletableFuture().cancel(true);
        }
    }

    @Override
    public EnhancementRules rules() {
        return enhancer.rules();
    }

    @Override
    public CompletionStage<List<ModelInfo>> models() {
        return enhancer.models();
    }

    @Override
    public EnhancerStats stats() {
        return enhancer.stats();
    }

    @Override
    public Optional<Breaker> breaker() {
        return enhancer.breaker();
    }

    @Override
    public void reset() {
        enhancer.reset();
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return enhancer.closeAsync();
    }
}
