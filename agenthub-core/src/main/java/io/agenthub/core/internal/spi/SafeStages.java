package io.agenthub.core.internal.spi;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.PartFaultException;
import io.agenthub.api.Promise;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls into parts that may be anybody's, so that a broken one fails its own call and nothing else. */
public final class SafeStages {
    private static final Logger log = LoggerFactory.getLogger(SafeStages.class);

    private SafeStages() {}

    /**
     * Calls an asynchronous method of a part.
     *
     * @param <T> what it answers
     * @param part what is called, for messages
     * @param call the call
     * @return its stage, or a failed one if it threw or returned null
     */
    public static <T extends @Nullable Object> CompletionStage<T> call(
            String part, Supplier<? extends @Nullable CompletionStage<T>> call) {
        try {
            CompletionStage<T> stage = call.get();
            return stage != null ? stage : Promise.failed(fault(part, null));
        } catch (RuntimeException | Error e) {
            return Promise.failed(e instanceof AgentHubException ? e : fault(part, e));
        }
    }

    /**
     * Tells a part something.
     *
     * @param part what is told, for messages
     * @param call how
     * @return whether it took it without throwing anything
     */
    public static boolean run(String part, Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException | Error e) {
            if (!(e instanceof AgentHubException)) {
                fault(part, e);
            }
            return false;
        }
    }

    /**
     * What a stage holds already, for those who would else make another stage only to hear of it at once.
     *
     * @param <T> what the stage answers
     * @param stage any stage
     * @return its value, or null if it has none yet, has failed, or is not known to tell without waiting
     */
    public static <T> @Nullable T present(CompletionStage<T> stage) {
        return stage instanceof Promise<T> promise && promise.isDone() && !promise.isCompletedExceptionally()
                ? promise.join()
                : null;
    }

    /**
     * Asks a part for something it knows.
     *
     * @param <T> what it knows
     * @param part what is asked, for messages
     * @param question the question
     * @param otherwise what is answered if it throws or answers null
     * @return its answer
     */
    public static <T> T known(String part, Supplier<? extends @Nullable T> question, T otherwise) {
        try {
            T answer = question.get();
            return answer != null ? answer : otherwise;
        } catch (RuntimeException | Error e) {
            log.atWarn().setCause(e).addKeyValue("part", part).log("A part failed with something of its own");
            return otherwise;
        }
    }

    private static PartFaultException fault(String part, @Nullable Throwable cause) {
        PartFaultException fault = new PartFaultException(part, null, false, cause);
        log.atWarn().setCause(cause).addKeyValue("part", part).log(fault.getMessage());
        return fault;
    }

    /**
     * A failure as the hub reports it.
     *
     * @param failure what a stage failed with
     * @param part whose stage it was, for messages
     * @param server the server concerned, or null
     * @param dispatched whether a byte of the request may have reached the server
     * @return the failure itself if it is the hub's, else a {@link PartFaultException}
     */
    public static AgentHubException unwrap(
            Throwable failure, String part, @Nullable String server, boolean dispatched) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof AgentHubException known) {
            return known;
        }
        if (!(cause instanceof CancellationException)) {
            log.atWarn().setCause(cause).addKeyValue("part", part).log("A part failed with something of its own");
        }
        return new PartFaultException(part, server, dispatched, cause);
    }
}
