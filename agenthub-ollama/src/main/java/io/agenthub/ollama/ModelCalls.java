package io.agenthub.ollama;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementRule;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks models, guarded by the breaker and the slots. Thread-safe. */
final class ModelCalls {
    private final OllamaClient client;
    private final EnhancerConfig config;
    private final ModelBreaker breaker;
    private final Executor executor;
    private final AtomicInteger inFlight = new AtomicInteger();

    ModelCalls(OllamaClient client, EnhancerConfig config, ModelBreaker breaker, Executor executor) {
        this.client = client;
        this.config = config;
        this.breaker = breaker;
        this.executor = executor;
    }

    int inFlight() {
        return inFlight.get();
    }

    /**
     * Asks one model to improve a prompt.
     *
     * @param preview sees it grow, or null
     * @return the improvement; fails with what went wrong. Cancelling it stops the model
     */
    CompletionStage<Enhancement> improve(String prompt, String model, EnhancementRule rule, @Nullable Preview preview) {
        ModelBreaker.Permit permit;
        try {
            permit = breaker.acquire();
        } catch (AgentHubException open) {
            return Promise.failed(open);
        }
        if (inFlight.incrementAndGet() > config.maxConcurrent()) {
            inFlight.decrementAndGet();
            permit.released();
            return Promise.failed(new BusyException("ollama", "maxConcurrent", config.maxConcurrent()));
        }
        CompletionStage<Answer> asked = ask(request(prompt, model, rule), preview);
        Improving improving = new Improving(executor, asked);
        asked.whenComplete((answer, failure) -> {
            inFlight.decrementAndGet();
            if (failure == null) {
                permit.succeeded();
                improving.check(answer, model, config.maxOutputChars());
            } else {
                settle(permit, failure);
                improving.fail(failure);
            }
        });
        return improving;
    }

    private CompletionStage<Answer> ask(ModelRequest request, @Nullable Preview preview) {
        if (preview == null) {
            return client.chat(request);
        }
        preview.began(request.model());
        return client.chat(request, preview);
    }

    private ModelRequest request(String prompt, String model, EnhancementRule rule) {
        ModelRequest.Builder builder = ModelRequest.builder(model)
                .system(rule.systemPrompt())
                .user(prompt)
                .temperature(rule.temperature())
                .maxTokens(rule.maxTokens())
                .think(false)
                .timeout(config.modelTimeout());
        config.keepAlive().ifPresent(builder::keepAlive);
        return builder.build();
    }

    /** A breaker counts what is wrong with the server, not what is wrong with the request, nor a caller who gave up. */
    private static void settle(ModelBreaker.Permit permit, Throwable failure) {
        ErrorKind kind = failure instanceof AgentHubException hub ? hub.kind() : ErrorKind.INTERNAL;
        if (kind.isInfrastructureFault() || kind == ErrorKind.FRAME_TOO_LARGE) {
            permit.failed(failure);
        } else if (kind == ErrorKind.BAD_REQUEST) {
            permit.succeeded();
        } else {
            permit.released();
        }
    }

    /** The improvement that one model is working on. */
    private static final class Improving extends Promise<Enhancement> {
        private final CompletionStage<Answer> asked;

        Improving(Executor executor, CompletionStage<Answer> asked) {
            super(executor);
            this.asked = asked;
        }

        @Override
        protected void onCancel() {
            asked.toCompletableFuture().cancel(true);
        }

        void check(Answer answer, String model, int maxOutputChars) {
            String text = ThinkFilter.strip(answer.text()).strip();
            if (text.isEmpty()) {
                fail(new UnusableAnswerException("it wrote nothing but reasoning, or nothing"));
            } else if (answer.isCut()) {
                fail(new UnusableAnswerException("its answer was cut; raise max_tokens"));
            } else if (text.length() > maxOutputChars) {
                fail(new UnusableAnswerException(
                        "its answer is longer than maxOutputChars, which is " + maxOutputChars));
            } else if (!Texts.isWellFormed(text) || Texts.hasControls(text)) {
                fail(new UnusableAnswerException("its answer holds characters that are no text"));
            } else {
                succeed(Enhancement.made(text, model));
            }
        }
    }
}
