package io.agenthub.api.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads a list of tools, one page after the other. Cancelling it cancels the page under way. */
final class ToolPages extends Promise<List<Tool>> {
    /*
     * A page may be there at once, and there may be a thousand of them. So that this does not take a thousand frames of the
     * stack, a page that arrives while another is being handled is left to the loop that handles it.
     */
    private final McpServer server;
    private final List<Tool> read = new ArrayList<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private int pages;
    private volatile @Nullable RpcOutcome outcome;
    private volatile @Nullable CompletionStage<RpcOutcome> underWay;

    ToolPages(McpServer server) {
        super(Runnable::run);
        this.server = server;
    }

    ToolPages begin() {
        ask(null);
        return this;
    }

    private void ask(@Nullable JsonText params) {
        CompletionStage<RpcOutcome> page = server.request("tools/list", params, CallOptions.DEFAULT);
        underWay = page;
        page.whenComplete((answer, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                outcome = answer;
                handleArrivals();
            }
        });
        if (isCancelled()) {
            onCancel();
        }
    }

    private void handleArrivals() {
        if (arrived.getAndIncrement() == 0) {
            do {
                handle();
            } while (arrived.decrementAndGet() > 0);
        }
    }

    private void handle() {
        try {
            RpcOutcome page = outcome;
            if (page == null || isDone()) {
                return;
            }
            JsonText result = page.orThrow();
            result.member("tools").map(JsonText::elements).orElse(List.of()).forEach(tool -> read.add(new Tool(tool)));
            Optional<JsonText> next = result.member("nextCursor").filter(JsonText::isString);
            if (next.isPresent() && ++pages < McpServer.MAX_PAGES) {
                ask(JsonText.object(Map.of("cursor", next.get())));
            } else {
                succeed(List.copyOf(read));
            }
        } catch (RuntimeException | Error e) {
            fail(e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
        }
    }

    @Override
    protected void onCancel() {
        CompletionStage<RpcOutcome> page = underWay;
        if (page != null) {
            page.toCompletableFuture().cancel(true);
        }
    }
}
