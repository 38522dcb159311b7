package io.agenthub.gateway.internal.mcp.aggregate;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.gateway.internal.mcp.aggregate.Listing.Entry;
import io.agenthub.gateway.internal.mcp.aggregate.Listing.Kind;
import io.agenthub.gateway.internal.mcp.upstream.ServerLink;
import io.agenthub.gateway.internal.mcp.upstream.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads one list from all servers at once; waits for none of them longer than 10 seconds. Thread-safe. */
final class Gatherer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_PAGES = 100;
    private static final int MOST_ENTRIES = 10_000;

    private final Servers servers;
    private final Map<Kind, Listing> latest = new ConcurrentHashMap<>();

    Gatherer(Servers servers) {
        this.servers = servers;
    }

    /** What one server said: its entries, or why there are none. */
    private record Part(String server, List<JsonText> entries, Optional<String> problem) {}

    CompletionStage<Listing> gather(Kind kind, CallOptions caller) {
        CallOptions options = caller.toBuilder()
                .timeout(PATIENCE)
                .listener(null)
                .enhance(null)
                .arrival(caller.arrival()
                        .flatMap(CallArrival::era)
                        .map(era -> CallArrival.of(era, 200))
                        .orElse(null))
                .build();
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        servers.all().forEach((name, link) -> parts.add(read(kind, name, link, options)));
        CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        all.whenComplete((done, failure) -> {
            if (all.isCancelled()) {
                parts.forEach(part -> part.cancel(true));
            }
        });
        return Promise.chain(all, done -> {
            Listing listing =
                    merge(kind, parts.stream().map(CompletableFuture::join).toList());
            latest.put(kind, listing);
            return Promise.succeeded(listing);
        });
    }

    /** The last listing there was, if any. */
    Optional<Listing> latest(Kind kind) {
        return Optional.ofNullable(latest.get(kind));
    }

    private static Listing merge(Kind kind, List<Part> parts) {
        List<Entry> entries = new ArrayList<>();
        Map<String, String> unavailable = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (Part part : parts) {
            part.problem().ifPresent(problem -> unavailable.put(part.server(), problem));
            for (JsonText json : part.entries()) {
                try {
                    Entry entry = Entry.of(kind, part.server(), json);
                    // Of two with one name the first server's is meant, here and when it is used.
                    if (entries.size() < MOST_ENTRIES && names.add(entry.publicName())) {
                        entries.add(entry);
                    }
                } catch (MalformedMessageException e) {
                    // Its name stands twice in it; the other entries are as good as ever.
                    unavailable.putIfAbsent(part.server(), ErrorKind.CHILD_PROTOCOL.name());
                }
            }
        }
        return new Listing(kind, List.copyOf(entries), unavailable);
    }

    private static CompletableFuture<Part> read(Kind kind, String name, ServerLink link, CallOptions options) {
        CompletableFuture<Part> part = new CompletableFuture<>();
        CompletionStage<List<JsonText>> pages = page(kind, link, options, null, new ArrayList<>(), 1);
        pages.whenComplete((entries, failure) -> {
            List<JsonText> read = entries == null ? List.of() : entries;
            part.complete(new Part(name, read, Optional.ofNullable(failure).map(Gatherer::problem)));
        });
        part.whenComplete((read, failure) -> {
            if (part.isCancelled()) {
                pages.toCompletableFuture().cancel(true);
            }
        });
        return part;
    }

    private static String problem(Throwable failure) {
        return failure instanceof AgentHubException known
                ? known.kind().name()
                : failure instanceof ServerSaid said ? said.getMessage() : ErrorKind.INTERNAL.name();
    }

    private static CompletionStage<List<JsonText>> page(
            Kind kind, ServerLink link, CallOptions options, @Nullable JsonText cursor, List<JsonText> read, int page) {
        JsonText params = cursor == null ? null : JsonText.object(Map.of("cursor", cursor));
        return Promise.chain(link.request(kind.method, params, options), outcome -> {
            JsonText result = result(outcome);
            read.addAll(result.member(kind.member).orElse(JsonText.NULL).elements().stream()
                    .filter(JsonText::isObject)
                    .toList());
            Optional<JsonText> next = result.member("nextCursor").filter(JsonText::isString);
            return next.isPresent() && page < MOST_PAGES && read.size() < MOST_ENTRIES
                    ? page(kind, link, options, next.get(), read, page + 1)
                    : Promise.succeeded(read);
        });
    }

    private static JsonText result(RpcOutcome outcome) {
        if (outcome instanceof RpcError error) {
            if (error.code() == RpcError.METHOD_NOT_FOUND) {
                // A server without such a list has an empty one.
                return JsonText.EMPTY_OBJECT;
            }
            throw new ServerSaid("ERROR " + error.code());
        }
        return outcome.orThrow();
    }

    /** A server answered with an error. */
    private static final class ServerSaid extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ServerSaid(String what) {
            super(what, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
