package io.agenthub.ollama;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One prompt on its way through the chain of models. Ends exactly once, with an outcome or by its caller's cancel. */
final class Improvement extends Promise<EnhancedPrompt> {
    private final Prompt prompt;
    private final Tally tally;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final List<String> problems = new ArrayList<>();
    private volatile @Nullable CompletionStage<Enhancement> attempt;
    private volatile Scheduler.@Nullable Task timer;

    Improvement(Prompt prompt, Tally tally, Executor executor) {
        super(executor);
        this.prompt = prompt;
        this.tally = tally;
    }

    Prompt prompt() {
        return prompt;
    }

    boolean isDecided() {
        return decided.get() || isDone();
    }

    /** Passes the original through when the time is over. What the model still writes is left to the cache. */
    void within(Duration budget, Scheduler scheduler) {
        timer = scheduler.schedule(
                budget, () -> pass(PassReason.TIMEOUT, "no improvement within " + budget.toMillis() + " ms"));
        if (isDecided()) {
            disarm();
        }
    }

    private void disarm() {
        Scheduler.Task armed = timer;
        if (armed != null) {
            armed.cancel();
        }
    }

    @Override
    protected void onCancel() {
        // Neither improved nor passed through: what becomes of the attempt counts as nothing.
        decided.set(true);
        disarm();
        CompletionStage<Enhancement> current = attempt;
        if (current != null) {
            current.toCompletableFuture().cancel(true);
        }
    }

    void pass(PassReason reason, String why) {
        if (decided.compareAndSet(false, true)) {
            disarm();
            tally.passed(reason);
            succeed(EnhancedPrompt.passedThrough(prompt, why));
        }
    }

    private void improved(Enhancement enhancement) {
        if (decided.compareAndSet(false, true)) {
            disarm();
            EnhancedPrompt.Outcome outcome =
                    enhancement.cached() ? EnhancedPrompt.Outcome.CACHED : EnhancedPrompt.Outcome.ENHANCED;
            tally.improved(outcome);
            succeed(new EnhancedPrompt(
                    prompt.text(),
                    enhancement.text(),
                    outcome,
                    java.util.Optional.of(enhancement.model()),
                    java.util.Optional.empty(),
                    enhancement.distance()));
        }
    }

    /** Asks one model after the other until one helps. */
    void ask(EnhancementRule rule, BiFunction<String, EnhancementRule, CompletionStage<Enhancement>> model) {
        Set<String> chain = new LinkedHashSet<>();
        chain.add(rule.model());
        chain.addAll(rule.fallbackChain());
        ask(List.copyOf(chain), 0, rule, model);
    }

    private void ask(
            List<String> chain,
            int index,
            EnhancementRule rule,
            BiFunction<String, EnhancementRule, CompletionStage<Enhancement>> model) {
        CompletionStage<Enhancement> asked = model.apply(chain.get(index), rule);
        attempt = asked;
        if (isCancelled()) {
            asked.toCompletableFuture().cancel(true);
            return;
        }
        asked.whenComplete((enhancement, failure) -> {
            if (failure == null) {
                improved(enhancement);
                return;
            }
            problems.add(chain.get(index) + ": " + failure.getMessage());
            PassReason reason = reason(failure);
            boolean another = index + 1 < chain.size() && othersMayHelp(reason);
            if (another && !isDecided()) {
                ask(chain, index + 1, rule, model);
            } else {
                pass(reason, String.join("; ", problems));
            }
        });
    }

    /** Another model of the same server can make up for a model, not for the server. */
    private static boolean othersMayHelp(PassReason reason) {
        return reason == PassReason.FAILED || reason == PassReason.UNUSABLE;
    }

    private static PassReason reason(Throwable failure) {
        if (failure instanceof UnusableAnswerException) {
            return PassReason.UNUSABLE;
        }
        if (!(failure instanceof AgentHubException hub)) {
            return PassReason.FAILED;
        }
        return switch (hub.kind()) {
            case DEADLINE -> PassReason.TIMEOUT;
            case BUSY -> PassReason.BUSY;
            case BREAKER_OPEN -> PassReason.BREAKER_OPEN;
            case SPAWN_FAILED, CHILD_EXITED -> PassReason.UNREACHABLE;
            case SHUTTING_DOWN -> PassReason.CLOSED;
            default -> PassReason.FAILED;
        };
    }
}
