package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.hub.Tool;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcErrorException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which parameters of a server's tools are repeated in headers. Read from the server once, and again when it announces a change
 * or was restarted. Thread-safe.
 */
final class ToolCatalogue {
    private final McpServer server;
    private @Nullable Promise<Map<String, List<MirroredParameter>>> known;
    private @Nullable CompletionStage<List<Tool>> listing;

    ToolCatalogue(McpServer server) {
        this.server = server;
    }

    CompletionStage<List<MirroredParameter>> mirrored(String tool) {
        // One who gives up must not take the list from the others: hence the dependent, which does not pass a cancel
        // on.
        return Promise.chain(known().thenApply(tools -> tools.getOrDefault(tool, List.of())), Promise::succeeded);
    }

    private CompletionStage<Map<String, List<MirroredParameter>>> known() {
        Promise<Map<String, List<MirroredParameter>>> present;
        synchronized (this) {
            present = known;
        }
        if (present != null) {
            return present;
        }
        CompletionStage<List<Tool>> asked = server.listTools();
        Promise<Map<String, List<MirroredParameter>>> reading = read(asked);
        synchronized (this) {
            known = reading;
            listing = asked;
        }
        reading.whenComplete((tools, failure) -> {
            if (failure != null) {
                forget(reading);
            }
        });
        return reading;
    }

    private static Promise<Map<String, List<MirroredParameter>>> read(CompletionStage<List<Tool>> asked) {
        Promise<Map<String, List<MirroredParameter>>> read = new Promise<>(Runnable::run);
        asked.whenComplete((tools, failure) -> {
            if (failure instanceof RpcErrorException) {
                // A server without tools.
                read.succeed(Map.of());
            } else if (failure != null) {
                read.fail(failure);
            } else {
                read.succeed(index(tools));
            }
        });
        return read;
    }

    private static Map<String, List<MirroredParameter>> index(List<Tool> tools) {
        Map<String, List<MirroredParameter>> index = new HashMap<>();
        tools.forEach(tool -> index.put(tool.name(), marked(tool)));
        return index;
    }

    private static List<MirroredParameter> marked(Tool tool) {
        try {
            return MirroredParameter.of(tool.inputSchema());
        } catch (MalformedMessageException e) {
            // A member stands twice in its schema: nobody can tell what it marks, and the other tools are as good as
            // ever.
            return List.of();
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very reading, not one like it
    private synchronized void forget(CompletionStage<?> reading) {
        if (known == reading) {
            known = null;
        }
    }

    /** Who waits for the list waits in vain, and the server is not to look for it any longer. */
    void giveUp(Throwable reason) {
        Promise<?> reading;
        CompletionStage<?> asked;
        synchronized (this) {
            reading = known;
            asked = listing;
        }
        if (reading != null) {
            reading.fail(reason);
        }
        if (asked != null) {
            asked.toCompletableFuture().cancel(true);
        }
    }

    /** What was read may not be true any more. */
    synchronized void forget() {
        known = null;
    }
}
