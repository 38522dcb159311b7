package io.agenthub.mcp.internal.call;

import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests that a server sends us. Confined to the loop. */
public final class Questions {
    private static final List<String> FORWARDED = List.of("sampling/createMessage", "elicitation/create");
    private static final String ROOTS = "roots/list";
    private static final int MOST_OPEN = 64;

    private final EventLoop loop;
    private final Guard guard;
    private final boolean forwardRoots;
    private final Consumer<RpcResponse> reply;
    private final Map<JsonText, CompletableFuture<RpcOutcome>> open = new HashMap<>();

    /**
     * Nothing is asked yet.
     *
     * @param loop where answers are handed back
     * @param guard calls the contexts
     * @param forwardRoots whether the server may ask for roots
     * @param reply takes the answers
     */
    public Questions(EventLoop loop, Guard guard, boolean forwardRoots, Consumer<RpcResponse> reply) {
        this.loop = loop;
        this.guard = guard;
        this.forwardRoots = forwardRoots;
        this.reply = reply;
    }

    /**
     * Answers at once, or asks a caller.
     *
     * @param question what the server wants to know
     * @param meant the call whose caller must be meant, if there is one
     */
    public void asked(RpcRequest question, Optional<CallContext> meant) {
        if (question.method().equals("ping")) {
            reply.accept(new RpcResponse(question.id(), new RpcResult(JsonText.EMPTY_OBJECT)));
            return;
        }
        boolean known = FORWARDED.contains(question.method())
                || (forwardRoots && question.method().equals(ROOTS));
        Optional<CallContext> context = known ? meant : Optional.empty();
        if (context.isEmpty() || open.size() >= MOST_OPEN || open.containsKey(question.id())) {
            refuse(question);
        } else {
            ask(question, context.get());
        }
    }

    private void ask(RpcRequest question, CallContext context) {
        guard.run("asked", () -> {
            CompletableFuture<RpcOutcome> answer = context.asked(question).toCompletableFuture();
            open.put(question.id(), answer);
            answer.whenComplete((outcome, failure) -> onLoop(() -> answered(question, answer, outcome)));
        });
        if (!open.containsKey(question.id())) {
            refuse(question);
        }
    }

    private void answered(RpcRequest question, CompletableFuture<RpcOutcome> answer, @Nullable RpcOutcome outcome) {
        if (open.remove(question.id(), answer)) {
            reply.accept(new RpcResponse(
                    question.id(),
                    outcome == null
                            ? RpcError.of(RpcError.INTERNAL_ERROR, "The client did not answer", null)
                            : outcome));
        }
    }

    private void refuse(RpcRequest question) {
        reply.accept(new RpcResponse(
                question.id(), RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + question.method(), null)));
    }

    /**
     * The server no longer wants an answer.
     *
     * @param cancelled what it said
     */
    public void withdrawn(RpcNotification cancelled) {
        Optional.ofNullable(cancelled.params())
                .flatMap(params -> params.member("requestId"))
                .map(open::remove)
                .ifPresent(answer -> answer.cancel(true));
    }

    /** Nobody is left to be answered. */
    public void end() {
        List<CompletableFuture<RpcOutcome>> abandoned = List.copyOf(open.values());
        open.clear();
        abandoned.forEach(answer -> answer.cancel(true));
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The hub is gone, and the server with it.
            open.clear();
        }
    }
}
