package io.agenthub.core.internal.enhance;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.core.internal.spi.SafeStages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of one call on their way through the enhancer. Succeeds with the parameters to send, improved or not, on whatever
 * thread brings the last prompt or the end of the budget; fails only when the hub is closed.
 */
public final class EnhancedCall extends Promise<JsonText> {
    /** What the envelope around the parameters takes, generously. */
    private static final int ENVELOPE_BYTES = 4_096;

    private final JsonText params;
    private final List<Place> places;
    private final long maxBytes;
    private final @Nullable EnhancedPrompt[] outcomes;
    private final List<CompletionStage<EnhancedPrompt>> asked = new ArrayList<>();
    private int missing;
    private boolean over;
    private Scheduler.@Nullable Task timer;

    /**
     * A prompt and where it stands.
     *
     * @param pointer a JSON pointer into the parameters
     * @param prompt what stands there
     */
    public record Place(String pointer, Prompt prompt) {}

    EnhancedCall(JsonText params, List<Place> places, long maxFrameBytes) {
        super(Runnable::run);
        this.params = params;
        this.places = places;
        this.maxBytes = maxFrameBytes - ENVELOPE_BYTES;
        this.outcomes = new EnhancedPrompt[places.size()];
        this.missing = places.size();
    }

    void begin(Enhancer enhancer, Scheduler scheduler, Duration budget) {
        String late = "no improvement within " + budget.toMillis() + " ms";
        arm(scheduler.schedule(budget, () -> end(late)));
        for (int i = 0; i < places.size(); i++) {
            Prompt prompt = places.get(i).prompt().within(budget);
            int index = i;
            CompletionStage<EnhancedPrompt> stage = SafeStages.call("enhancer", () -> enhancer.enhance(prompt));
            ask(stage);
            stage.whenComplete((outcome, failure) -> arrived(index, outcome, failure));
        }
    }

    private synchronized void arm(Scheduler.Task task) {
        timer = task;
    }

    private void ask(CompletionStage<EnhancedPrompt> stage) {
        boolean unwanted;
        synchronized (this) {
            unwanted = isDone();
            asked.add(stage);
        }
        if (unwanted) {
            stage.toCompletableFuture().cancel(true);
        }
    }

    private void arrived(int index, @Nullable EnhancedPrompt outcome, @Nullable Throwable failure) {
        boolean last;
        synchronized (this) {
            if (over) {
                return;
            }
            outcomes[index] = outcome != null ? outcome : passedThrough(index, "the enhancer failed: " + failure);
            missing--;
            last = missing == 0;
        }
        if (last) {
            end("");
        }
    }

    private EnhancedPrompt passedThrough(int index, String reason) {
        return EnhancedPrompt.passedThrough(places.get(index).prompt(), reason);
    }

    /** What the enhancer may still bring is left to its cache. */
    private void end(String whyMissing) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            if (timer != null) {
                timer.cancel();
            }
            for (int i = 0; i < outcomes.length; i++) {
                if (outcomes[i] == null) {
                    outcomes[i] = passedThrough(i, whyMissing);
                }
            }
        }
        succeed(improved());
    }

    private JsonText improved() {
        JsonText changed = params;
        for (int i = 0; i < outcomes.length; i++) {
            EnhancedPrompt outcome = outcomes[i];
            if (outcome != null && outcome.wasEnhanced()) {
                JsonText with = changed.withAt(places.get(i).pointer(), JsonText.quote(outcome.text()));
                if (with.length() <= maxBytes) {
                    changed = with;
                } else {
                    outcomes[i] = passedThrough(i, "with the improvement the call would be longer than maxFrameBytes");
                }
            }
        }
        return changed;
    }

    /**
     * What became of the prompts.
     *
     * @return an outcome for each prompt, in the order of the configuration; to be read once this has succeeded
     */
    public synchronized List<EnhancedPrompt> outcomes() {
        List<EnhancedPrompt> all = new ArrayList<>();
        for (EnhancedPrompt outcome : outcomes) {
            if (outcome != null) {
                all.add(outcome);
            }
        }
        return all;
    }

    @Override
    protected void onCancel() {
        withdraw();
    }

    /** Gives up because the hub ends. */
    void close() {
        withdraw();
        fail(new HubClosedException(HubState.STOPPING, false));
    }

    private void withdraw() {
        List<CompletionStage<EnhancedPrompt>> given;
        synchronized (this) {
            over = true;
            if (timer != null) {
                timer.cancel();
            }
            given = List.copyOf(asked);
        }
        given.forEach(stage -> stage.toCompletableFuture().cancel(true));
    }
}
