package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.ResponseStream;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An improvement as server-sent events: {@code model} when a model begins, which voids what was written before, {@code text} for
 * each piece it writes, and {@code enhanced} with the whole answer, which ends the stream. Only the last one counts: it may be the
 * original. Thread-safe by its own lock.
 */
final class EnhanceStream implements EnhancementListener {
    private final ResponseStream stream;
    private boolean over;

    private EnhanceStream(Exchange exchange) {
        this.stream = exchange.stream(Sse.head());
    }

    /** Answers with events; the improvement is cancelled if the client goes away. */
    static void answer(Exchange exchange, Enhancer enhancer, Prompt prompt) {
        EnhanceStream events = new EnhanceStream(exchange);
        CompletionStage<EnhancedPrompt> stage = begin(enhancer, prompt, events);
        exchange.onAbandoned(() -> stage.toCompletableFuture().cancel(true));
        stage.whenComplete(events::end);
    }

    /** A stream that has begun can no longer become an error response. */
    private static CompletionStage<EnhancedPrompt> begin(Enhancer enhancer, Prompt prompt, EnhanceStream events) {
        try {
            return enhancer.enhance(prompt, events);
        } catch (RuntimeException | Error e) {
            return Promise.failed(e);
        }
    }

    @Override
    public void began(String model) {
        send("model", Map.of("model", model));
    }

    @Override
    public void wrote(String text) {
        send("text", Map.of("text", text));
    }

    private synchronized void send(String event, Map<String, ?> data) {
        if (!over) {
            stream.write(Sse.named(event, JsonText.ofValue(data)));
        }
    }

    private synchronized void end(@Nullable EnhancedPrompt outcome, @Nullable Throwable failure) {
        over = true;
        if (outcome == null) {
            stream.cut();
        } else {
            stream.write(Sse.named("enhanced", EnhanceRoutes.json(outcome)));
            stream.end();
        }
    }
}
