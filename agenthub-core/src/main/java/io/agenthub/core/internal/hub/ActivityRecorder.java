package io.agenthub.core.internal.hub;

import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.core.internal.monitor.AlertListener;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Turns what happens into activities for the store and the listeners. Thread-safe; never blocks, never fails a call. */
final class ActivityRecorder implements AlertListener {
    private final Scheduler scheduler;
    private final ActivityStore store;
    private final Events events;
    private final boolean keepsNothing;
    private final LongAdder lost = new LongAdder();

    /**
     * Creates a recorder.
     *
     * @param keepsNothing true if the store keeps nothing anyway
     */
    ActivityRecorder(Scheduler scheduler, ActivityStore store, Events events, boolean keepsNothing) {
        this.scheduler = scheduler;
        this.store = store;
        this.events = events;
        this.keepsNothing = keepsNothing;
    }

    private boolean nobodyCares() {
        return keepsNothing && events.nobodyListens();
    }

    void call(PendingCall call, String outcome, @Nullable RpcOutcome answer, long elapsedNanos) {
        if (nobodyCares()) {
            return;
        }
        CallOptions options = call.options();
        record(Activity.builder(Activity.Kind.CALL, scheduler.now())
                .client(options.client().orElse(null))
                .peer(options.peer().orElse(null))
                .requestId(options.requestId().orElse(null))
                .server(call.name())
                .method(call.method())
                .tool(tool(call))
                .outcome(outcome)
                .durationNanos(elapsedNanos)
                .bytes(call.size(), size(answer))
                .build());
    }

    /** The prompts of a call were improved, or passed through. */
    void enhanced(PendingCall call, List<EnhancedPrompt> prompts) {
        if (nobodyCares()) {
            return;
        }
        CallOptions options = call.options();
        for (EnhancedPrompt prompt : prompts) {
            JsonText original = JsonText.quote(prompt.original());
            JsonText text = JsonText.quote(prompt.text());
            record(Activity.builder(Activity.Kind.ENHANCEMENT, scheduler.now())
                    .client(options.client().orElse(null))
                    .peer(options.peer().orElse(null))
                    .requestId(options.requestId().orElse(null))
                    .server(call.name())
                    .method(call.method())
                    .tool(tool(call))
                    .outcome(prompt.outcome().name())
                    .durationNanos(call.elapsedNanos())
                    .bytes(original.length(), text.length())
                    .detail(prompt.reason().or(prompt::model).orElse(null))
                    .request(original)
                    .response(text)
                    .build());
        }
    }

    private static @Nullable String tool(PendingCall call) {
        JsonText params = call.params();
        if (params == null || !call.method().equals("tools/call")) {
            return null;
        }
        try {
            return params.member("name").flatMap(JsonText::string).orElse(null);
        } catch (MalformedMessageException e) {
            // It stands twice; only the server can say which one counts.
            return null;
        }
    }

    private static long size(@Nullable RpcOutcome answer) {
        if (answer instanceof RpcResult result) {
            return result.value().length();
        }
        return answer instanceof RpcError error ? error.json().length() : 0;
    }

    void server(ServerStatus before, ServerStatus after) {
        events.serverChanged(before, after);
        if (!nobodyCares()) {
            record(Activity.builder(Activity.Kind.SERVER, scheduler.now())
                    .server(after.name())
                    .method(before.state() + " -> " + after.state())
                    .outcome(after.lastError().isPresent() ? Activity.ERROR : Activity.OK)
                    .detail(after.lastError()
                            .or(() -> after.lastExit().map(exit -> exit.detail()))
                            .orElse(null))
                    .build());
        }
    }

    void breaker(String server, BreakerState before, BreakerState after) {
        events.breakerChanged(server, before, after);
        if (!nobodyCares()) {
            record(Activity.builder(Activity.Kind.BREAKER, scheduler.now())
                    .server(server)
                    .method(before + " -> " + after)
                    .breaker(after)
                    .build());
        }
    }

    @Override
    public void raised(Alert alert) {
        events.alertRaised(alert);
        alert(alert, "raised", Activity.ERROR);
    }

    @Override
    public void cleared(Alert alert) {
        events.alertCleared(alert);
        alert(alert, "cleared", Activity.OK);
    }

    private void alert(Alert alert, String change, String outcome) {
        if (!nobodyCares()) {
            record(Activity.builder(Activity.Kind.ALERT, scheduler.now())
                    .method(alert.kind() + " " + change)
                    .outcome(outcome)
                    .detail(alert.describe())
                    .build());
        }
    }

    private void record(Activity activity) {
        events.recorded(activity);
        if (keepsNothing) {
            return;
        }
        SafeStages.call("activity store", () -> store.append(activity)).whenComplete((sequence, failure) -> {
            if (failure != null) {
                lost.increment();
            }
        });
    }

    /** Activities that the store refused. */
    long lost() {
        return lost.sum();
    }
}
