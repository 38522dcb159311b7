package io.agenthub.gateway.internal.mcp.aggregate;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.mcp.aggregate.Listing.Kind;
import io.agenthub.gateway.internal.mcp.aggregate.Origins.Origin;
import io.agenthub.gateway.internal.mcp.upstream.Description;
import io.agenthub.gateway.internal.mcp.upstream.MirroredParameter;
import io.agenthub.gateway.internal.mcp.upstream.ServerLink;
import io.agenthub.gateway.internal.mcp.upstream.Servers;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All servers as one. Thread-safe. */
public final class AllServers implements Upstream {
    private static final CallOptions ON_ARRIVAL = CallOptions.DEFAULT.withExecutor(Runnable::run);
    /* Said at once, without asking any server: one that hangs at its start would keep every client waiting. */
    private static final Description SELF = new Description(
            JsonText.of("{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
                    + "\"resources\":{\"subscribe\":true,\"listChanged\":true},\"completions\":{},\"logging\":{}}"),
            JsonText.of("{\"name\":\"agenthub\",\"title\":\"AgentHub\",\"version\":\"" + version() + "\"}"),
            Optional.of(JsonText.quote(
                    "The tools and prompts of several servers: what stands before __ in a name says whose"
                            + " it is. Servers that cannot be reached are named in _meta of the lists.")));

    private final Servers servers;
    private final Gatherer gatherer;
    private final Origins origins;

    /**
     * Makes it.
     *
     * @param servers all there are
     */
    public AllServers(Servers servers) {
        this.servers = servers;
        this.gatherer = new Gatherer(servers);
        this.origins = new Origins(servers, gatherer);
    }

    private static String version() {
        String version = AllServers.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    /** No server can have this name. */
    @Override
    public String name() {
        return "";
    }

    @Override
    public CompletionStage<Description> describe() {
        return Promise.succeeded(SELF);
    }

    @Override
    public Optional<Description> known() {
        return Optional.of(SELF);
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options) {
        Optional<Kind> list = Kind.of(method);
        if (list.isPresent()) {
            // Several servers are asked, and each may have been.
            options.arrival().ifPresent(CallArrival::dispatched);
            return Promise.chain(
                    gatherer.gather(list.get(), options), listing -> Promise.succeeded(listing.page(params)));
        }
        return switch (method) {
            case "tools/call", "prompts/get", "resources/read", "completion/complete" ->
                Promise.chain(
                        origin(method, params, options),
                        origin -> origin.isPresent()
                                ? origin.get().server().request(method, renamed(method, params, origin.get()), options)
                                : Promise.succeeded(unknown(method, params)));
            default -> Promise.succeeded(RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + method, null));
        };
    }

    private static RpcError unknown(String method, @Nullable JsonText params) {
        return switch (method) {
            case "tools/call" -> RpcError.of(RpcError.INVALID_PARAMS, "Unknown tool", null);
            case "prompts/get" -> RpcError.of(RpcError.INVALID_PARAMS, "Unknown prompt", null);
            case "resources/read" ->
                RpcError.of(-32_002, "Resource not found", params == null ? null : params.without("_meta"));
            default -> RpcError.of(RpcError.INVALID_PARAMS, "Unknown reference", null);
        };
    }

    /** Where in the parameters stands whom they are meant for. */
    private static String pointer(String method, @Nullable JsonText params) {
        if (!method.equals("completion/complete")) {
            return method.equals("resources/read") ? "/uri" : "/name";
        }
        return text(params, "/ref/type").filter("ref/prompt"::equals).isPresent() ? "/ref/name" : "/ref/uri";
    }

    private static Optional<String> text(@Nullable JsonText params, String pointer) {
        return params == null ? Optional.empty() : params.at(pointer).flatMap(JsonText::string);
    }

    private CompletionStage<Optional<Origin>> origin(String method, @Nullable JsonText params, CallOptions options) {
        String pointer = pointer(method, params);
        Optional<String> target = text(params, pointer);
        if (target.isEmpty()) {
            return Promise.succeeded(Optional.empty());
        }
        return pointer.endsWith("uri")
                ? origins.owner(target.get(), options)
                : origins.named(kind(method), target.get(), options);
    }

    private Optional<Origin> knownOrigin(String method, @Nullable JsonText params) {
        String pointer = pointer(method, params);
        return text(params, pointer)
                .flatMap(target ->
                        pointer.endsWith("uri") ? origins.knownOwner(target) : origins.known(kind(method), target));
    }

    private static Kind kind(String method) {
        return method.equals("tools/call") ? Kind.TOOLS : Kind.PROMPTS;
    }

    private static @Nullable JsonText renamed(String method, @Nullable JsonText params, Origin origin) {
        JsonText name = JsonText.quote(origin.name());
        if (params == null || method.equals("resources/read")) {
            return params;
        }
        if (!method.equals("completion/complete")) {
            return params.with("name", name);
        }
        JsonText reference = params.member("ref").orElse(JsonText.EMPTY_OBJECT);
        return reference.member("name").isPresent() ? params.with("ref", reference.with("name", name)) : params;
    }

    /** What is not a call is meant for the gateway alone. */
    @Override
    public void notify(RpcNotification notification) {}

    @Override
    public CompletionStage<Boolean> isStateless(String method, @Nullable JsonText params) {
        return Promise.chain(
                origin(method, params, ON_ARRIVAL),
                origin -> origin.isPresent()
                        ? origin.get().server().isStateless(method, params)
                        : Promise.succeeded(false));
    }

    @Override
    public boolean isKnownStateless(String method, @Nullable JsonText params) {
        return knownOrigin(method, params)
                .filter(origin -> origin.server().isKnownStateless(method, params))
                .isPresent();
    }

    @Override
    public void endSession(String session) {
        servers.all().values().forEach(server -> server.endSession(session));
    }

    @Override
    public CompletionStage<List<MirroredParameter>> mirrored(String tool) {
        return Promise.chain(
                origins.named(Kind.TOOLS, tool, ON_ARRIVAL),
                origin -> origin.isPresent()
                        ? origin.get().server().mirrored(origin.get().name())
                        : Promise.succeeded(List.of()));
    }

    @Override
    public CompletionStage<RpcOutcome> watch(String uri, CallOptions options) {
        return Promise.chain(origins.owner(uri, options), origin -> {
            if (origin.isEmpty()) {
                return Promise.succeeded(RpcError.of(RpcError.INVALID_PARAMS, "Resource not found", null));
            }
            return origin.get().server().watch(uri, options);
        });
    }

    @Override
    public CompletionStage<RpcOutcome> unwatch(String uri, CallOptions options) {
        return watched(uri, options.session())
                .map(server -> server.unwatch(uri, options))
                .orElseGet(() -> Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT)));
    }

    @Override
    public void release(String uri, Optional<String> session) {
        watched(uri, session).ifPresent(server -> server.release(uri, session));
    }

    /** Whose resource it was when it was first watched; who owns it now may be another. */
    private Optional<ServerLink> watched(String uri, Optional<String> session) {
        return servers.all().values().stream()
                .filter(server -> server.isWatched(uri, session))
                .findFirst();
    }

    @Override
    public Hub.Registration listen(Consumer<RpcNotification> listener) {
        return servers.listen(listener);
    }
}
