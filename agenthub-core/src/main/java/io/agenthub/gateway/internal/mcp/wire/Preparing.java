package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.gateway.internal.http.CutShort;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A request that waits for what must be known before it can be served; nothing of it was sent to a server. */
public class Preparing implements Exchange.Owner {
    private final Exchange exchange;
    private final String server;
    private final JsonText id;
    private final CompletionStage<?> preparation;
    private final Function<Throwable, RpcError> errors;

    /**
     * Makes the owner of its exchange.
     *
     * @param server the server's name
     * @param id the id of the request
     * @param preparation what it waits for; cancelled when it does so no longer
     * @param errors turns failures into JSON-RPC errors
     */
    public Preparing(
            Exchange exchange,
            String server,
            JsonText id,
            CompletionStage<?> preparation,
            Function<Throwable, RpcError> errors) {
        this.exchange = exchange;
        this.server = server;
        this.id = id;
        this.preparation = preparation;
        this.errors = errors;
    }

    @Override
    public void abandoned() {
        preparation.toCompletableFuture().cancel(true);
    }

    @Override
    public void cutShort() {
        exchange.respond(Response.rpc(200, id, errors.apply(new CutShort(server, false))));
        preparation.toCompletableFuture().cancel(true);
    }
}
