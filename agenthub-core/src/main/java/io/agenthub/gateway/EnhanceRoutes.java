package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import io.agenthub.gateway.internal.mcp.wire.Accept;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The prompt enhancer: {@code /ollama/…}. */
final class EnhanceRoutes implements RouteGroup {
    private final Hub hub;

    EnhanceRoutes(Hub hub) {
        this.hub = hub;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("POST", "/ollama/enhance", this::enhance),
                Route.of("GET", "/ollama/stats", Handler.now(this::stats)),
                Route.of("POST", "/ollama/reset", Handler.now(this::reset)),
                Route.of("GET", "/ollama/models", Handler.later(this::models)));
    }

    private Enhancer enhancer() {
        return hub.enhancer();
    }

    private void enhance(Exchange exchange) {
        Prompt prompt = Wanted.read(() -> prompt(exchange));
        if (Accept.names(exchange, Sse.TYPE)) {
            EnhanceStream.answer(exchange, enhancer(), prompt);
        } else {
            Handler.later(asked -> Promise.chain(
                            enhancer().enhance(prompt),
                            enhanced -> Promise.succeeded(Response.json(200, json(enhanced)))))
                    .handle(exchange);
        }
    }

    private static Prompt prompt(Exchange exchange) {
        JsonText body = exchange.json();
        if (!body.isObject()) {
            throw new IllegalArgumentException("the body must be an object with 'prompt'");
        }
        for (String name : body.members().keySet()) {
            if (!name.equals("prompt") && !name.equals("bypass_cache")) {
                throw new IllegalArgumentException("unknown member '" + name + "'; known: prompt, bypass_cache");
            }
        }
        String text = body.member("prompt")
                .flatMap(JsonText::string)
                .orElseThrow(() -> new IllegalArgumentException("'prompt' must be a string"));
        boolean bypass = body.member("bypass_cache").map(EnhanceRoutes::flag).orElse(false);
        return new Prompt(text, ClientName.of(exchange), bypass, Optional.empty());
    }

    private static boolean flag(JsonText value) {
        return switch (value.toString()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'bypass_cache' must be true or false");
        };
    }

    static JsonText json(EnhancedPrompt enhanced) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("original", enhanced.original());
        body.put("enhanced", enhanced.text());
        body.put("model", enhanced.model().orElse(null));
        body.put("cached", enhanced.outcome() == EnhancedPrompt.Outcome.CACHED);
        body.put("was_enhanced", enhanced.outcome() != EnhancedPrompt.Outcome.PASSED_THROUGH);
        body.put("error", enhanced.reason().orElse(null));
        if (enhanced.distance().isPresent()) {
            body.put("distance", enhanced.distance().getAsDouble());
        }
        return JsonText.ofValue(body);
    }

    private Response stats(Exchange exchange) {
        EnhancerStats stats = enhancer().stats();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("enhanced", stats.enhanced());
        body.put("cached", stats.cached());
        body.put("passedThrough", stats.passedThrough());
        body.put("inFlight", stats.inFlight());
        stats.cache().ifPresent(cache -> body.put("cache", StatusJson.cache(cache)));
        enhancer().breaker().ifPresent(breaker -> body.put("breaker", StatusJson.breaker(breaker.status())));
        body.put("rules", rules(enhancer().rules()));
        return Response.json(200, JsonText.ofValue(body));
    }

    /** Which rules are in force, and why newer ones are not. */
    private static Map<String, @Nullable Object> rules(EnhancementRules rules) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("source", rules.source());
        body.put("clients", rules.clients().keySet().stream().sorted().toList());
        body.put("problem", rules.problem().orElse(null));
        return body;
    }

    private Response reset(Exchange exchange) {
        enhancer().reset();
        return stats(exchange);
    }

    private CompletionStage<Response> models(Exchange exchange) {
        return Promise.chain(
                enhancer().models(),
                models -> Promise.succeeded(Response.json(
                        200,
                        Map.of(
                                "models",
                                models.stream().map(EnhanceRoutes::json).toList()))));
    }

    private static Map<String, Object> json(ModelInfo model) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", model.name());
        model.sizeBytes().ifPresent(size -> body.put("sizeBytes", size));
        model.family().ifPresent(family -> body.put("family", family));
        model.parameters().ifPresent(parameters -> body.put("parameters", parameters));
        model.quantization().ifPresent(quantization -> body.put("quantization", quantization));
        return body;
    }
}
