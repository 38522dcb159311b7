package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcErrorException;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One process, one session: the revisions that begin with {@code initialize}. */
final class LegacySession implements Session, Calls.Work, Turn.Client {
    private static final List<String> REVISIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
    private static final Set<String> METHODS = Set.of(
            "tools/list",
            "tools/call",
            "prompts/list",
            "prompts/get",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "logging/setLevel",
            "completion/complete");

    private final int page;
    private final Wire wire;
    private final Calls calls;
    private final Questions questions;
    private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable JsonText declared;
    private volatile boolean ready;
    private volatile int logFrom;

    LegacySession(Options options, Wire wire, Journal journal) {
        this.page = options.page();
        this.wire = wire;
        this.calls = new Calls(wire, journal);
        this.questions = new Questions(wire);
    }

    @Override
    public void request(RpcRequest request) {
        Call call = calls.begin(request);
        if (call == null) {
            return;
        }
        if (call.method().equals("tools/call") || call.method().equals("prompts/get")) {
            calls.answerLater(call, this);
        } else {
            calls.answer(call, this);
        }
    }

    @Override
    public void notified(RpcNotification notification) throws IOException {
        switch (notification.method()) {
            case "notifications/initialized" -> ready = declared != null;
            case "notifications/cancelled" -> calls.cancel(notification);
            default -> {}
        }
    }

    @Override
    public void answered(RpcResponse response) {
        questions.answered(response);
    }

    @Override
    public JsonText run(Call call) {
        JsonText params = call.params();
        if (call.method().equals("initialize")) {
            return initialize(params);
        }
        if (call.method().equals("ping")) {
            return JsonText.EMPTY_OBJECT;
        }
        if (!METHODS.contains(call.method())) {
            throw new Refusal(Refusal.METHOD_NOT_FOUND, "Method not found: ".concat(call.method()));
        }
        if (!ready) {
            throw new Refusal(Refusal.INVALID_REQUEST, "Not initialized");
        }
        JsonText list = Catalogue.list(call.method(), params, page);
        return list != null ? list : serve(call, params);
    }

    private JsonText initialize(JsonText params) {
        if (declared != null) {
            throw new Refusal(Refusal.INVALID_REQUEST, "Initialized already");
        }
        String asked = Json.required(params, "protocolVersion");
        declared = Json.object(params, "capabilities");
        return Json.fill(
                "{\"protocolVersion\":%,\"capabilities\":%,\"serverInfo\":%,\"instructions\":%}",
                REVISIONS.contains(asked) ? asked : REVISIONS.get(REVISIONS.size() - 1),
                Catalogue.CAPABILITIES,
                Catalogue.SERVER_INFO,
                Catalogue.INSTRUCTIONS);
    }

    private JsonText serve(Call call, JsonText params) {
        return switch (call.method()) {
            case "tools/call" -> tool(call, Json.required(params, "name"));
            case "prompts/get" -> prompt(call, Json.required(params, "name"));
            case "resources/read" -> Resources.read(params, Refusal.RESOURCE_NOT_FOUND);
            case "resources/subscribe" -> {
                subscriptions.add(Json.required(params, "uri"));
                yield JsonText.EMPTY_OBJECT;
            }
            case "resources/unsubscribe" -> {
                subscriptions.remove(Json.required(params, "uri"));
                yield JsonText.EMPTY_OBJECT;
            }
            case "logging/setLevel" -> {
                logFrom = LogLevels.rank(Json.required(params, "level"));
                yield JsonText.EMPTY_OBJECT;
            }
            default -> Prompts.complete(params);
        };
    }

    private JsonText tool(Call call, String name) {
        Turn turn = new Turn(call, this, Map.of(), null);
        try {
            while (true) {
                Outcome outcome = Tools.take(name, turn);
                if (outcome instanceof Outcome.Done done) {
                    return done.result();
                }
                Outcome.Ask ask = (Outcome.Ask) outcome;
                String missing = ask.blindly() ? null : missing(ask);
                if (missing != null) {
                    return Outcome.failed("The client cannot be asked: ".concat(missing));
                }
                turn = new Turn(call, this, questions.ask(call, ask.questions()), ask.state());
            }
        } catch (RpcErrorException e) {
            return Outcome.failed("The client refused: ".concat(e.error().message()));
        }
    }

    private JsonText prompt(Call call, String name) {
        Turn turn = new Turn(call, this, Map.of(), null);
        while (true) {
            Outcome outcome = Prompts.take(name, turn);
            if (outcome instanceof Outcome.Done done) {
                return done.result();
            }
            Outcome.Ask ask = (Outcome.Ask) outcome;
            String missing = missing(ask);
            if (missing != null) {
                throw new Refusal(Refusal.INTERNAL_ERROR, "The client cannot be asked: ".concat(missing));
            }
            turn = new Turn(call, this, questions.ask(call, ask.questions()), ask.state());
        }
    }

    /** What is asked although the client did not declare it, or null. */
    private @Nullable String missing(Outcome.Ask ask) {
        for (Question question : ask.questions().values()) {
            if (!question.isWithin(capabilities())) {
                return question.method();
            }
        }
        return null;
    }

    @Override
    public JsonText capabilities() {
        JsonText known = declared;
        return known == null ? JsonText.EMPTY_OBJECT : known;
    }

    @Override
    public boolean hasSession() {
        return true;
    }

    @Override
    public void log(Call call, String level, String text) {
        if (LogLevels.rank(level) >= logFrom) {
            calls.notify(
                    call,
                    "notifications/message",
                    Json.fill("{\"level\":%,\"logger\":\"everything\",\"data\":%}", level, text));
        }
    }

    @Override
    public void progress(Call call, JsonText params) {
        calls.notify(call, "notifications/progress", params);
    }

    @Override
    public void changed(String list) {
        wire.send(new RpcNotification("notifications/".concat(list).concat("/list_changed"), null));
    }

    @Override
    public void updated(String uri) {
        if (subscriptions.contains(uri)) {
            wire.send(new RpcNotification("notifications/resources/updated", Json.fill("{\"uri\":%}", uri)));
        }
    }
}
