package io.agenthub.gateway.internal.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Answers the requests of a route. */
@FunctionalInterface
public interface Handler {

    /**
     * Takes a request and sees to it that it is answered: by {@link Exchange#respond}, {@link Exchange#fail} or {@link
     * Exchange#stream}, now or later, from any thread. What it throws is answered as an error. Called on an event loop; must not
     * block.
     *
     * @param exchange the request and the way to answer it
     */
    void handle(Exchange exchange);

    /**
     * A handler that has its answer at once.
     *
     * @param answer makes the answer
     * @return the handler
     */
    static Handler now(Function<Exchange, Response> answer) {
        return exchange -> exchange.respond(answer.apply(exchange));
    }

    /**
     * A handler whose answer comes in a stage. The stage's future is cancelled if the client goes away.
     *
     * @param answer makes the stage
     * @return the handler
     */
    static Handler later(Function<Exchange, CompletionStage<Response>> answer) {
        return later(answer, UnaryOperator.identity());
    }

    /**
     * As {@link #later(Function)}, with failures told in other words.
     *
     * @param answer makes the stage
     * @param failures what to tell the client instead of what the stage fails with
     * @return the handler
     */
    static Handler later(Function<Exchange, CompletionStage<Response>> answer, UnaryOperator<Throwable> failures) {
        return exchange -> {
            CompletionStage<Response> stage = answer.apply(exchange);
            exchange.onAbandoned(() -> stage.toCompletableFuture().cancel(true));
            stage.whenComplete((response, failure) -> {
                if (failure == null) {
                    exchange.respond(response);
                } else {
                    exchange.fail(failures.apply(failure));
                }
            });
        };
    }
}
