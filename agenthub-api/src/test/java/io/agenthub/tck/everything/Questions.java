package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The legacy era's way to ask: requests of the server's own. Thread-safe. */
final class Questions {
    private final Wire wire;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<JsonText, CompletableFuture<RpcOutcome>> open = new ConcurrentHashMap<>();

    Questions(Wire wire) {
        this.wire = wire;
    }

    /**
     * Asks all at once and waits for every answer, forever if need be.
     *
     * @throws io.agenthub.api.rpc.RpcErrorException if the client answers with an error
     * @throws CancellationException if the call is cancelled before; the questions then are withdrawn
     */
    Map<String, JsonText> ask(Call call, Map<String, Question> questions) {
        Map<String, JsonText> ids = new LinkedHashMap<>();
        Map<String, CompletableFuture<RpcOutcome>> outcomes = new LinkedHashMap<>();
        for (Map.Entry<String, Question> entry : questions.entrySet()) {
            Question question = entry.getValue();
            JsonText id = nextId();
            CompletableFuture<RpcOutcome> outcome = new CompletableFuture<>();
            open.put(id, outcome);
            ids.put(entry.getKey(), id);
            outcomes.put(entry.getKey(), outcome);
            wire.send(new RpcRequest(id, question.method(), question.params()));
        }
        try {
            call.await(CompletableFuture.allOf(outcomes.values().toArray(new CompletableFuture<?>[0])));
        } catch (CancellationException e) {
            withdraw(ids);
            throw e;
        }
        Map<String, JsonText> answers = new LinkedHashMap<>();
        for (Map.Entry<String, CompletableFuture<RpcOutcome>> entry : outcomes.entrySet()) {
            answers.put(entry.getKey(), entry.getValue().join().orThrow());
        }
        return answers;
    }

    /** Both kinds of ids that JSON-RPC has, and such as a client may use too. */
    private JsonText nextId() {
        int number = last.incrementAndGet();
        String text = Integer.toString(number);
        return number % 2 == 1 ? JsonText.of(text) : JsonText.quote("question-".concat(text));
    }

    private void withdraw(Map<String, JsonText> ids) {
        for (JsonText id : ids.values()) {
            if (open.remove(id) != null) {
                wire.send(new RpcNotification("notifications/cancelled", Json.fill("{\"requestId\":%}", id)));
            }
        }
    }

    void answered(RpcResponse response) {
        JsonText id = response.id();
        CompletableFuture<RpcOutcome> outcome = id == null ? null : open.remove(id);
        if (outcome != null) {
            outcome.complete(response.outcome());
        }
    }
}
