package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The requests in flight: each is answered once or, if it was cancelled, never. Thread-safe. */
final class Calls {
    private final Wire wire;
    private final Journal journal;
    private final Map<JsonText, Call> open = new HashMap<>();
    private final Set<JsonText> tokens = new HashSet<>();

    Calls(Wire wire, Journal journal) {
        this.wire = wire;
        this.journal = journal;
    }

    /**
     * Takes a request in.
     *
     * @return the call, or null if it was refused: its id or its progress token belongs to another one in flight
     */
    synchronized @Nullable Call begin(RpcRequest request) {
        Call call = new Call(request);
        JsonText token = call.meta("progressToken");
        if (open.containsKey(call.id())) {
            refuse(request.id(), new Refusal(Refusal.INVALID_REQUEST, "The id of a request in flight"));
            return null;
        }
        if (token != null && !tokens.add(token)) {
            refuse(request.id(), new Refusal(Refusal.INVALID_PARAMS, "The progress token of a request in flight"));
            return null;
        }
        open.put(call.id(), call);
        return call;
    }

    void refuse(JsonText id, Refusal refusal) {
        wire.send(new RpcResponse(id, refusal.error()));
    }

    /** Whose outcome answers a call. */
    interface Work {
        /**
         * The result.
         *
         * @throws Refusal for an error instead
         * @throws CancellationException if the call was cancelled meanwhile
         */
        JsonText run(Call call);
    }

    /** Runs the work here, and answers with what comes of it. */
    void answer(Call call, Work work) {
        try {
            JsonText result = work.run(call);
            if (end(call)) {
                wire.send(new RpcResponse(call.id(), new RpcResult(result)));
            }
        } catch (Refusal e) {
            if (end(call)) {
                refuse(call.id(), e);
            }
        } catch (CancellationException e) {
            end(call);
        } catch (RuntimeException e) {
            if (end(call)) {
                refuse(call.id(), new Refusal(Refusal.INTERNAL_ERROR, e.toString()));
            }
        }
    }

    /** Runs the work on a thread of its own, and answers with what comes of it. */
    void answerLater(Call call, Work work) {
        Thread thread = new Thread(
                new Runnable() {
                    @Override
                    public void run() {
                        answer(call, work);
                    }
                },
                "everything-call-".concat(call.id().toString()));
        thread.setDaemon(true);
        thread.start();
    }

    /** The client wants no answer any more: nothing more is sent for that request. False if there is none in flight. */
    boolean cancel(RpcNotification notification) throws IOException {
        JsonText id = Json.member(Json.params(notification), "requestId");
        Call call;
        synchronized (this) {
            call = open.get(id);
        }
        if (call == null || !end(call)) {
            return false;
        }
        journal.note("cancelled ".concat(Json.string(call.params(), "name", call.method())));
        call.cancel();
        return true;
    }

    private boolean end(Call call) {
        boolean first = call.end();
        if (first) {
            synchronized (this) {
                open.remove(call.id());
                JsonText token = call.meta("progressToken");
                if (token != null) {
                    tokens.remove(token);
                }
            }
        }
        return first;
    }

    /** Sends a notification on behalf of a call that is not over. */
    void notify(Call call, String method, JsonText params) {
        if (!call.isOver()) {
            wire.send(new RpcNotification(method, params));
        }
    }
}
