package io.agenthub.core.internal.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.core.internal.enhance.CallEnhancer;
import io.agenthub.core.internal.enhance.EnhancedCall;
import io.agenthub.core.internal.monitor.Monitor;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all calls of one hub share: the door, the bounds and the record. Thread-safe. */
final class CallPipeline {
    private final Scheduler scheduler;
    private final Executor callbackExecutor;
    private final Supplier<HubState> state;
    private final InFlight inFlight;
    private final ActivityRecorder recorder;
    private final Monitor monitor;
    private final CallEnhancer enhancer;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder threw = new LongAdder();
    private final Runnable onThrow = threw::increment;

    CallPipeline(
            Scheduler scheduler,
            Executor callbackExecutor,
            Supplier<HubState> state,
            InFlight inFlight,
            ActivityRecorder recorder,
            Monitor monitor,
            CallEnhancer enhancer) {
        this.scheduler = scheduler;
        this.callbackExecutor = callbackExecutor;
        this.state = state;
        this.inFlight = inFlight;
        this.recorder = recorder;
        this.monitor = monitor;
        this.enhancer = enhancer;
    }

    CompletionStage<RpcOutcome> call(
            ServerEntry server, String method, @Nullable JsonText params, CallOptions options) {
        PendingCall call = PendingCall.of(this, server, method, params, options);
        BusyException busy = inFlight.enter(call.size());
        if (busy != null) {
            recorded(call, busy.kind().name(), null, busy);
            return Promise.failed(busy);
        }
        // Checked after the place is taken, so that closing either sees the call or refuses it.
        if (state() != HubState.STARTED) {
            inFlight.leave(call.size());
            return Promise.failed(new HubClosedException(state(), false));
        }
        call.begin();
        return call;
    }

    void left(PendingCall call) {
        inFlight.leave(call.size());
    }

    void recorded(PendingCall call, String outcome, @Nullable RpcOutcome answer, @Nullable AgentHubException failure) {
        long elapsed = call.elapsedNanos();
        if (monitor.isCounting()) {
            call.meter().count(outcome, elapsed);
            String client = call.options().client().orElse(null);
            if (client != null) {
                monitor.meters().client(client).count(outcome, elapsed);
            }
        }
        recorder.call(call, outcome, answer, failure, elapsed);
    }

    ActivityRecorder recorder() {
        return recorder;
    }

    /** Begins to improve the prompts of a call; null if it has none to improve. */
    @Nullable
    EnhancedCall enhance(PendingCall call, Duration remaining) {
        return enhancer.begin(call.spec(), call.method(), call.params(), call.options(), remaining);
    }

    /** The prompts of a call are improved, or passed through. */
    void enhanced(PendingCall call, EnhancedCall enhanced) {
        recorder.enhanced(call, enhanced.outcomes());
    }

    /** A side message found the queue of its call full. */
    void dropped() {
        dropped.increment();
    }

    /** Counts a listener of a call that threw. */
    Runnable onThrow() {
        return onThrow;
    }

    /** Side messages at which the listener of their call threw. */
    long listenersThatThrew() {
        return threw.sum();
    }

    /** Side messages that found the queue of their call full. */
    long droppedMessages() {
        return dropped.sum();
    }

    HubState state() {
        return state.get();
    }

    boolean closing() {
        return state().compareTo(HubState.STOPPING) >= 0;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Executor callbackExecutor() {
        return callbackExecutor;
    }
}
