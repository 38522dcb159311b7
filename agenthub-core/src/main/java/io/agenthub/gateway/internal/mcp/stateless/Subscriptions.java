package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.mcp.upstream.Description;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Preparing;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The open {@code subscriptions/listen} requests. Thread-safe. Each holds a connection, which is what bounds them. */
final class Subscriptions {
    private static final CallOptions ON_ARRIVAL = CallOptions.DEFAULT.withExecutor(Runnable::run);
    private static final int MOST_RESOURCES = 1_000;
    private static final List<String> LISTS = List.of("tools", "prompts", "resources");

    private final Pulse pulse;
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Subscriptions(Pulse pulse) {
        this.pulse = pulse;
    }

    void open(Exchange exchange, Upstream upstream, RpcRequest request, Function<Throwable, RpcError> errors) {
        JsonText params = request.params();
        JsonText wanted = (params == null ? java.util.Optional.<JsonText>empty() : params.member("notifications"))
                .filter(JsonText::isObject)
                .orElseThrow(() -> RpcRefusal.invalidParams(400, "'notifications' must be an object"));
        Set<String> uris = uris(wanted);
        List<String> lists = lists(wanted);
        exchange.dropHeaders();
        // Nothing begins before it is known who is to hear of an early end: the subscription takes that over.
        Promise<Void> ready = new Promise<>(Runnable::run);
        Promise<Void> opening = Promise.chain(Promise.chain(ready, nothing -> upstream.describe()), description -> {
            List<String> announced = announced(lists, description);
            return Promise.chain(watch(upstream, uris), watched -> {
                begin(new Subscription(exchange, upstream, request.id(), announced, watched, this::closed));
                return Promise.done();
            });
        });
        exchange.onAbandoned(new Preparing(exchange, upstream.name(), request.id(), opening, errors) {
            @Override
            public void abandoned() {
                // What the server is being asked to watch is given back once it has answered.
            }
        });
        opening.whenComplete((begun, failure) -> {
            if (failure != null) {
                exchange.respond(Response.rpc(200, request.id(), errors.apply(failure)));
            }
        });
        ready.succeed();
    }

    private void begin(Subscription subscription) {
        open.add(subscription);
        pulse.add(subscription);
        subscription.begin();
        if (closed) {
            subscription.end();
        }
    }

    private void closed(Subscription subscription) {
        open.remove(subscription);
        pulse.remove(subscription);
    }

    private static Set<String> uris(JsonText wanted) {
        JsonText uris = wanted.member("resourceSubscriptions").orElse(JsonText.array(List.of()));
        List<JsonText> elements = uris.elements();
        if (!uris.isArray()
                || elements.size() > MOST_RESOURCES
                || !elements.stream().allMatch(JsonText::isString)) {
            throw RpcRefusal.invalidParams(
                    400, "'resourceSubscriptions' must be an array of at most " + MOST_RESOURCES + " strings");
        }
        Set<String> distinct = new LinkedHashSet<>();
        elements.forEach(element -> element.string().ifPresent(distinct::add));
        return distinct;
    }

    /** The lists whose changes are wanted and announced. */
    private static List<String> lists(JsonText wanted) {
        return LISTS.stream()
                .filter(list -> wanted.member(list + "ListChanged")
                        .filter(Subscriptions::isTrue)
                        .isPresent())
                .toList();
    }

    /** Those of the lists whose changes the server announces. */
    private static List<String> announced(List<String> lists, Description description) {
        return lists.stream()
                .filter(list -> description
                        .capabilities()
                        .at("/" + list + "/listChanged")
                        .filter(Subscriptions::isTrue)
                        .isPresent())
                .toList();
    }

    private static boolean isTrue(JsonText value) {
        return value.toString().equals("true");
    }

    /** Watches what the server lets be watched. */
    private static CompletionStage<List<String>> watch(Upstream upstream, Set<String> uris) {
        List<String> watched = java.util.Collections.synchronizedList(new ArrayList<>());
        List<CompletionStage<RpcOutcome>> asked = new ArrayList<>();
        List<CompletableFuture<Boolean>> noted = new ArrayList<>();
        for (String uri : uris) {
            CompletionStage<RpcOutcome> watching = upstream.watch(uri, ON_ARRIVAL);
            asked.add(watching);
            noted.add(watching.handle((outcome, failure) -> note(uri, outcome, watched))
                    .toCompletableFuture());
        }
        CompletableFuture<List<String>> all = CompletableFuture.allOf(noted.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> uris.stream().filter(watched::contains).toList());
        all.whenComplete((done, failure) -> {
            if (all.isCancelled()) {
                asked.forEach(watching -> watching.toCompletableFuture().cancel(true));
            }
        });
        return all;
    }

    private static boolean note(
            String uri, @org.jspecify.annotations.Nullable RpcOutcome outcome, List<String> watched) {
        return outcome instanceof RpcResult && watched.add(uri);
    }

    int size() {
        return open.size();
    }

    /** Ends all in order. */
    void drain() {
        closed = true;
        open.forEach(Subscription::end);
    }
}
