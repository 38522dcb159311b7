package io.agenthub.gateway;

import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.CutShort;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One call of the plain proxy on its way: hears the outcome, answers with it, and is cancelled when the client goes away. */
final class ProxyCall implements BiConsumer<@Nullable RpcOutcome, @Nullable Throwable>, CallArrival, Exchange.Owner {
    private static final int OK = 200;
    private static final int UNPROCESSABLE = 422;

    private final Exchange exchange;
    private final Errors errors;
    private final @Nullable JsonText id;
    private @Nullable CompletionStage<RpcOutcome> stage;
    private @Nullable UnaryOperator<RpcOutcome> change;
    private volatile boolean dispatched;
    private volatile boolean withdrawn;

    /**
     * Makes a call that is not sent yet.
     *
     * @param id the caller's id; null asks for the bare result
     */
    ProxyCall(Exchange exchange, Errors errors, @Nullable JsonText id) {
        this.exchange = exchange;
        this.errors = errors;
        this.id = id;
    }

    /**
     * Waits for the outcome.
     *
     * @param call the hub's stage
     * @param replacement what to answer instead of the outcome, or null to answer with it
     */
    void send(CompletionStage<RpcOutcome> call, @Nullable UnaryOperator<RpcOutcome> replacement) {
        stage = call;
        change = replacement;
        exchange.onAbandoned(this);
        exchange.dropHeaders();
        call.whenComplete(this);
    }

    @Override
    public void accept(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        if (withdrawn) {
            return;
        }
        if (outcome == null) {
            fail(failure == null ? new IllegalStateException("neither an outcome nor a failure") : failure);
            return;
        }
        try {
            answer(change == null ? outcome : change.apply(outcome));
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void answer(RpcOutcome outcome) {
        if (id != null) {
            exchange.respond(Response.rpc(OK, id, outcome));
        } else if (outcome instanceof RpcResult result) {
            exchange.respond(Response.json(OK, result.value()));
        } else {
            exchange.respond(
                    Response.json(UNPROCESSABLE, JsonText.object(Map.of("error", ((RpcError) outcome).json()))));
        }
    }

    private void fail(Throwable failure) {
        exchange.respond(id == null ? errors.plain(failure) : errors.rpc(id, failure));
    }

    /** Empty: the plain proxy is no MCP endpoint. */
    @Override
    public Optional<String> era() {
        return Optional.empty();
    }

    @Override
    public OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            return failure == null ? OptionalInt.empty() : OptionalInt.of(errors.status(failure));
        }
        return OptionalInt.of(id != null || outcome instanceof RpcResult ? OK : UNPROCESSABLE);
    }

    @Override
    public void dispatched() {
        dispatched = true;
    }

    /** The client is gone. */
    @Override
    public void abandoned() {
        withdraw();
    }

    @Override
    public void cutShort() {
        withdraw();
        // Only a call that is withdrawn cannot be sent any more.
        fail(new CutShort(exchange.parameter("server"), dispatched));
    }

    private void withdraw() {
        withdrawn = true;
        CompletionStage<RpcOutcome> call = stage;
        if (call != null) {
            call.toCompletableFuture().cancel(true);
        }
    }
}
