package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Revision 2026-07-28: every request stands for itself. */
final class ModernSession implements Session, Calls.Work {
    private static final JsonText META = Json.fill("{%:%}", Envelope.SERVER_INFO, Catalogue.SERVER_INFO);
    private static final JsonText COMPLETE = JsonText.quote("complete");
    private static final JsonText INPUT_REQUIRED = JsonText.quote("input_required");
    private static final JsonText FRESH_MILLIS = JsonText.of("300000");

    private final int page;
    private final Calls calls;
    private final Subscriptions subscriptions;
    private final RequestState states;

    ModernSession(Options options, Wire wire, Journal journal) {
        this.page = options.page();
        this.calls = new Calls(wire, journal);
        this.subscriptions = new Subscriptions(wire);
        this.states = new RequestState(options.key());
    }

    @Override
    public void request(RpcRequest request) {
        Call call = calls.begin(request);
        if (call == null) {
            return;
        }
        switch (call.method()) {
            case "tools/call" -> calls.answerLater(call, this);
            case "subscriptions/listen" -> listen(call);
            default -> calls.answer(call, this);
        }
    }

    /** Stays open, unless it is refused. */
    private void listen(Call call) {
        try {
            Envelope.of(call);
            subscriptions.open(call);
        } catch (Refusal e) {
            calls.answer(call, this);
        }
    }

    @Override
    public void notified(RpcNotification notification) throws IOException {
        if (notification.method().equals("notifications/cancelled") && calls.cancel(notification)) {
            JsonText id = Json.member(Json.params(notification), "requestId");
            if (id != null) {
                subscriptions.close(id);
            }
        }
    }

    @Override
    public void answered(RpcResponse response) {
        // Nothing was asked, so there is nothing that this could answer.
    }

    @Override
    public JsonText run(Call call) {
        if (call.method().equals("initialize") && !Envelope.isClaimedBy(call.params())) {
            throw Envelope.unsupported(Json.string(call.params(), "protocolVersion", ""));
        }
        Envelope envelope = Envelope.of(call);
        JsonText list = Catalogue.list(call.method(), call.params(), page);
        if (list != null) {
            return cacheable(list, "public");
        }
        return switch (call.method()) {
            case "server/discover" -> cacheable(discovered(), "public");
            case "resources/read" -> cacheable(Resources.read(call.params(), Refusal.INVALID_PARAMS), "private");
            case "completion/complete" -> complete(Prompts.complete(call.params()));
            case "tools/call", "prompts/get" -> take(call, envelope);
            default -> throw new Refusal(Refusal.METHOD_NOT_FOUND, "Method not found: ".concat(call.method()));
        };
    }

    private static JsonText discovered() {
        return Json.fill(
                "{\"supportedVersions\":[%],\"capabilities\":%,\"instructions\":%}",
                Envelope.REVISION, Catalogue.CAPABILITIES, Catalogue.INSTRUCTIONS);
    }

    private static JsonText complete(JsonText result) {
        return result.with("resultType", COMPLETE).with("_meta", META);
    }

    private static JsonText cacheable(JsonText result, String scope) {
        return complete(result).with("ttlMs", FRESH_MILLIS).with("cacheScope", JsonText.quote(scope));
    }

    private JsonText take(Call call, Envelope envelope) {
        JsonText params = call.params();
        Map<String, JsonText> answers = Json.object(params, "inputResponses").members();
        JsonText sealed = Json.member(params, "requestState");
        JsonText state = sealed == null ? null : states.open(call, sealed);
        Turn turn = new Turn(call, new Caller(envelope), answers, state);
        String name = Json.required(params, "name");
        Outcome outcome = call.method().equals("tools/call") ? Tools.take(name, turn) : Prompts.take(name, turn);
        if (outcome instanceof Outcome.Done done) {
            return complete(done.result());
        }
        return inputRequired(call, envelope, (Outcome.Ask) outcome);
    }

    private JsonText inputRequired(Call call, Envelope envelope, Outcome.Ask ask) {
        Map<String, JsonText> missing = new LinkedHashMap<>();
        Map<String, JsonText> requests = new LinkedHashMap<>();
        for (Map.Entry<String, Question> entry : ask.questions().entrySet()) {
            Question question = entry.getValue();
            requests.put(
                    entry.getKey(), Json.fill("{\"method\":%,\"params\":%}", question.method(), question.params()));
            if (!question.isWithin(envelope.capabilities())) {
                missing.putAll(question.capability().members());
            }
        }
        if (!missing.isEmpty()) {
            throw new Refusal(
                    Refusal.MISSING_CAPABILITY,
                    "The client lacks a capability",
                    Json.fill("{\"requiredCapabilities\":%}", JsonText.object(missing)));
        }
        JsonText result = JsonText.EMPTY_OBJECT
                .with("resultType", INPUT_REQUIRED)
                .with("inputRequests", JsonText.object(requests))
                .with("_meta", META);
        JsonText state = ask.state();
        return state == null ? result : result.with("requestState", JsonText.quote(states.seal(call, state)));
    }

    /** The client of one request. */
    private final class Caller implements Turn.Client {
        private final Envelope envelope;

        Caller(Envelope envelope) {
            this.envelope = envelope;
        }

        @Override
        public JsonText capabilities() {
            return envelope.capabilities();
        }

        @Override
        public boolean hasSession() {
            return false;
        }

        @Override
        public void log(Call call, String level, String text) {
            @Nullable String from = envelope.logFrom();
            if (from != null && LogLevels.rank(level) >= LogLevels.rank(from)) {
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
            subscriptions.changed(list);
        }

        @Override
        public void updated(String uri) {
            subscriptions.updated(uri);
        }
    }
}
