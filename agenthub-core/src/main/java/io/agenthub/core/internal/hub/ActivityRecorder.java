package io.agenthub.core.internal.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolFinding;
import io.agenthub.core.internal.monitor.AlertListener;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what happens into activities for the store and the listeners. Thread-safe; never blocks, never fails a call.
 *
 * <p>Bodies are handed to the store as they are, by reference: the store alone knows whether any of them is to be kept, and
 * takes out of them what must not be.
 */
final class ActivityRecorder implements AlertListener {
    private static final Logger log = LoggerFactory.getLogger(ActivityRecorder.class);

    private final Scheduler scheduler;
    private final ActivityStore store;
    private final Events events;
    private final boolean keepsNothing;
    private final LongAdder lost = new LongAdder();
    private final Runnable onLoss = lost::increment;
    private final LongAdder threw = new LongAdder();

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
        return keepsNothing && !events.areRecordsHeard();
    }

    private Activity.Builder activity(Kind kind) {
        return Activity.builder(kind, scheduler.now());
    }

    /**
     * The tool that a call which begins is for. Its parameters are in the processor's cache then; by its end, with many others on
     * their way, they no longer are.
     *
     * @return its name; null if there is none, if nothing is recorded now, or if it is too long to be kept while the call waits
     */
    @Nullable
    String toolOf(String method, @Nullable JsonText params) {
        String tool = nobodyCares() ? null : tool(method, params);
        return tool == null || tool.length() > Activity.MAX_NAME_LENGTH ? null : tool;
    }

    /**
     * A call ended.
     *
     * @param answer what the server answered, or null
     * @param failure why there is no answer; null as well if the call was withdrawn
     */
    void call(
            PendingCall call,
            String outcome,
            @Nullable RpcOutcome answer,
            @Nullable AgentHubException failure,
            long elapsedNanos) {
        if (nobodyCares()) {
            return;
        }
        Activity.Builder activity = call(call.name(), call.method(), tool(call), call.params(), call.options());
        record(ended(activity, call.options(), answer, failure)
                .outcome(outcome)
                .breaker(call.breakerAtBegin())
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
            record(enhancement(prompt, call.elapsedNanos())
                    .client(options.client().orElse(null))
                    .peer(options.peer().orElse(null))
                    .requestId(options.requestId().orElse(null))
                    .server(call.name())
                    .method(call.method())
                    .tool(tool(call))
                    .build());
        }
    }

    /** A prompt that belongs to no call was improved, or passed through. */
    void enhanced(Prompt prompt, EnhancedPrompt enhanced, long nanos) {
        if (!nobodyCares()) {
            record(enhancement(enhanced, nanos)
                    .client(prompt.client().orElse(null))
                    .method("enhance")
                    .build());
        }
    }

    private Activity.Builder enhancement(EnhancedPrompt prompt, long nanos) {
        JsonText original = JsonText.quote(prompt.original());
        JsonText text = JsonText.quote(prompt.text());
        return activity(Kind.ENHANCEMENT)
                .outcome(prompt.outcome().name())
                .durationNanos(nanos)
                .bytes(original.length(), text.length())
                .detail(prompt.reason().or(prompt::model).orElse(null))
                .request(original)
                .response(text);
    }

    /** A call was refused before it began. */
    void refused(
            String server, String method, @Nullable JsonText params, CallOptions options, AgentHubException failure) {
        if (nobodyCares()) {
            return;
        }
        record(ended(call(server, method, tool(method, params), params, options), options, null, failure)
                .outcome(failure.kind().name())
                .bytes(params == null ? 0 : params.length(), 0)
                .build());
    }

    /** A notification was handed to a server, or could not be. */
    void notified(
            String server, String method, @Nullable JsonText params, @Nullable AgentHubException failure, long nanos) {
        if (nobodyCares()) {
            return;
        }
        record(call(server, method, tool(method, params), params, CallOptions.DEFAULT)
                .outcome(failure == null ? Activity.OK : failure.kind().name())
                .detail(failure == null ? null : failure.getMessage())
                .durationNanos(nanos)
                .bytes(params == null ? 0 : params.length(), 0)
                .build());
    }

    private Activity.Builder call(
            String server, String method, @Nullable String tool, @Nullable JsonText params, CallOptions options) {
        return activity(Kind.CALL)
                .client(options.client().orElse(null))
                .peer(options.peer().orElse(null))
                .requestId(options.requestId().orElse(null))
                .server(server)
                .method(method)
                .tool(tool)
                .request(params);
    }

    private static @Nullable String tool(PendingCall call) {
        String known = call.tool();
        return known != null ? known : tool(call.method(), call.params());
    }

    private static @Nullable String tool(String method, @Nullable JsonText params) {
        if (params == null || !method.equals("tools/call")) {
            return null;
        }
        try {
            return params.member("name").flatMap(JsonText::string).orElse(null);
        } catch (MalformedMessageException e) {
            // It stands twice; only the server can say which one counts.
            return null;
        }
    }

    private Activity.Builder ended(
            Activity.Builder activity,
            CallOptions options,
            @Nullable RpcOutcome answer,
            @Nullable AgentHubException failure) {
        activity.response(body(answer)).detail(failure == null ? null : failure.getMessage());
        CallArrival arrival = options.arrival().orElse(null);
        if (arrival != null) {
            try {
                activity.era(arrival.era().orElse(null))
                        .httpStatus(arrival.httpStatus(answer, failure).orElse(0));
            } catch (RuntimeException | Error e) {
                threw.increment();
                log.atWarn().setCause(e).log("How a call arrived could not be recorded");
            }
        }
        return activity;
    }

    private static @Nullable JsonText body(@Nullable RpcOutcome answer) {
        if (answer instanceof RpcResult result) {
            return result.value();
        }
        return answer instanceof RpcError error ? error.json() : null;
    }

    private static long size(@Nullable RpcOutcome answer) {
        JsonText body = body(answer);
        return body == null ? 0 : body.length();
    }

    /** A server changed its state. */
    void server(ServerStatus before, ServerStatus after) {
        events.serverChanged(before, after);
        if (nobodyCares()) {
            return;
        }
        for (ServerEvent event : ServerEvent.between(before, after)) {
            record(activity(Kind.SERVER)
                    .server(after.name())
                    .method(event.name())
                    .outcome(event.outcome())
                    .detail(event.detail())
                    .build());
        }
    }

    /** Something about a tool should be looked at. */
    void tool(String server, ToolFinding finding) {
        log.atWarn()
                .addKeyValue("server", server)
                .addKeyValue("tool", finding.tool())
                .addKeyValue("finding", finding.kind())
                .log("A tool of the server should be looked at");
        events.toolFound(server, finding);
        if (!nobodyCares()) {
            record(activity(Kind.SERVER)
                    .server(server)
                    .method("tool " + finding.kind())
                    .tool(finding.tool())
                    .outcome(Activity.ERROR)
                    .build());
        }
    }

    /** A breaker changed its state. */
    void breaker(String server, BreakerState before, BreakerState after) {
        events.breakerChanged(server, before, after);
        if (!nobodyCares()) {
            record(activity(Kind.BREAKER)
                    .server(server)
                    .method(before + " -> " + after)
                    .outcome(after.name())
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
            record(activity(Kind.ALERT)
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
        if (!SafeStages.run("activity store", () -> store.record(activity, onLoss))) {
            onLoss.run();
        }
    }

    /** Callbacks of callers that threw. */
    long threw() {
        return threw.sum();
    }

    /** Activities that the store refused. */
    long lost() {
        return lost.sum();
    }
}
