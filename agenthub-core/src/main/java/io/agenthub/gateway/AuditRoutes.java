package io.agenthub.gateway;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityFormat;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the activity store knows: {@code /audit/…}. */
final class AuditRoutes implements RouteGroup {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;
    private static final Duration DEFAULT_STEP = Duration.ofHours(1);

    private final Hub hub;

    AuditRoutes(Hub hub) {
        this.hub = hub;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/audit/activity", later(this::find)),
                Route.of("GET", "/audit/activity/stats", later(this::statistics)),
                Route.of("GET", "/audit/activity/export", this::export),
                Route.of("POST", "/audit/activity/cleanup", later(this::cleanup)),
                Route.of("DELETE", "/audit/activity", later(this::clear)),
                Route.of("GET", "/audit/integrity/verify", later(this::verify)),
                Route.of("GET", "/audit/status", Handler.now(this::status)));
    }

    private static Handler later(Function<Exchange, CompletionStage<Response>> answer) {
        return Handler.later(answer, AuditRoutes::inTermsOfTheGateway);
    }

    /** What a store does not offer is a matter of the configuration, and no fault. */
    private static Throwable inTermsOfTheGateway(Throwable failure) {
        return failure instanceof UnsupportedOperationException
                ? Refusal.of(
                        NOT_IMPLEMENTED,
                        ErrorKind.BAD_CONFIGURATION,
                        failure.getMessage()
                                + "; set 'activity' in the configuration to one that does, such as 'sqlite'")
                : failure;
    }

    private ActivityStore store() {
        return hub.activities();
    }

    private static ActivityQuery query(Exchange exchange, String... others) {
        Map<String, String> parameters = new LinkedHashMap<>(exchange.queries());
        for (String other : others) {
            parameters.remove(other);
        }
        return Wanted.read(() -> ActivityQuery.of(parameters));
    }

    private CompletionStage<Response> find(Exchange exchange) {
        return answer(store().find(query(exchange)), page -> Response.json(200, page.toJson()));
    }

    private CompletionStage<Response> statistics(Exchange exchange) {
        Duration step = Wanted.read(
                () -> Settings.of("", exchange.queries()).duration("step").orElse(DEFAULT_STEP));
        ActivityQuery query = query(exchange, "step");
        return answer(Wanted.read(() -> store().statistics(query, step)), stats -> Response.json(200, stats.toJson()));
    }

    private void export(Exchange exchange) {
        ActivityFormat format =
                Wanted.read(() -> format(exchange.query("format").orElse("jsonl")));
        ActivityQuery query = query(exchange, "format");
        Response head = Response.text(200, format.mediaType(), "")
                .with("content-disposition", "attachment; filename=\"activity." + format.extension() + "\"");
        store().export(query, format).subscribe(new StreamedExport(exchange, head, AuditRoutes::inTermsOfTheGateway));
    }

    private static ActivityFormat format(String name) {
        for (ActivityFormat format : ActivityFormat.values()) {
            if (format.extension().equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("no format '" + name + "'; known: "
                + Arrays.stream(ActivityFormat.values())
                        .map(ActivityFormat::extension)
                        .toList());
    }

    private CompletionStage<Response> cleanup(Exchange exchange) {
        refuseParameters(exchange, "write 'age' and 'bytes' into the body");
        JsonText wanted = exchange.body().length == 0 ? JsonText.EMPTY_OBJECT : exchange.json();
        Retention retention =
                Wanted.read(() -> retention(Settings.of("", plain(wanted)))).orElseGet(store()::retention);
        return answer(store().cleanup(retention), removed -> Response.json(200, Map.of("removed", removed)));
    }

    /** What is wanted, or empty if that is what the store keeps anyway. */
    private static Optional<Retention> retention(Settings settings) {
        settings.allowOnly(List.of("age", "bytes"));
        Optional<Duration> age = settings.duration("age");
        OptionalLong bytes = settings.bytes("bytes");
        return age.isEmpty() && bytes.isEmpty() ? Optional.empty() : Optional.of(new Retention(age, bytes));
    }

    private static Map<String, ?> plain(JsonText object) {
        if (!(object.toValue() instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("the body must be an object");
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(String.valueOf(key), value == null ? "" : value));
        return plain;
    }

    private CompletionStage<Response> clear(Exchange exchange) {
        refuseParameters(exchange, "the whole record goes or nothing");
        return answer(store().clear(), removed -> Response.json(200, Map.of("removed", removed)));
    }

    /** Whoever says in the query what is to go must not lose more than that. */
    private static void refuseParameters(Exchange exchange, String instead) {
        if (!exchange.queries().isEmpty()) {
            throw Refusal.of(BAD_REQUEST, ErrorKind.BAD_REQUEST, "This route takes no parameters; " + instead);
        }
    }

    private CompletionStage<Response> verify(Exchange exchange) {
        return answer(store().verify(List.of()), AuditRoutes::verified);
    }

    private static Response verified(Verification verification) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("intact", verification.intact());
        body.put("checked", verification.checked());
        body.put("headsChecked", verification.headsChecked());
        body.put(
                "fault",
                verification
                        .fault()
                        .map(fault -> Map.of("sequence", fault.sequence(), "problem", fault.problem()))
                        .orElse(null));
        body.put("anchor", verification.anchor().map(AuditRoutes::head).orElse(null));
        body.put("head", verification.head().map(AuditRoutes::head).orElse(null));
        return Response.json(200, JsonText.ofValue(body));
    }

    private static Map<String, Object> head(ChainHead head) {
        return Map.of("sequence", head.sequence(), "at", head.at().toString(), "hash", head.hash());
    }

    private Response status(Exchange exchange) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("queued", store().status().queued());
        body.put("written", store().status().written());
        body.put("dropped", store().status().dropped());
        body.put("bytes", store().status().bytes());
        body.put("head", store().status().head().map(AuditRoutes::head).orElse(null));
        body.put("problem", store().status().problem().orElse(null));
        return Response.json(200, JsonText.ofValue(body));
    }

    private static <T> CompletionStage<Response> answer(CompletionStage<T> stage, Function<T, Response> response) {
        return Promise.chain(stage, value -> Promise.succeeded(response.apply(value)));
    }
}
