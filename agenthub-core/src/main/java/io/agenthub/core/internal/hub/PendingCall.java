package io.agenthub.core.internal.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.internal.breaker.CallBreaker;
import io.agenthub.core.internal.concurrent.SerialExecutor;
import io.agenthub.core.internal.enhance.EnhancedCall;
import io.agenthub.core.internal.lease.BridgePool;
import io.agenthub.core.internal.lease.Lease;
import io.agenthub.core.internal.monitor.CallMeter;
import io.agenthub.core.internal.spi.SafeStages;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call on its way: the caller's future, the bridge's context and the owner of the permit in one. Thread-safe. */
final class PendingCall extends Promise<RpcOutcome> implements CallContext, BiConsumer<RpcOutcome, Throwable> {
    /*
     *   enter ──▶ permit ──▶ prompts ──▶ ready server ──▶ bridge ──▶ end
     *     │          │          │             │              │        ▲
     *     └──────────┴──────────┴─────────────┴──────────────┴────────┘ refused, deadline, cancelled
     *
     * Whatever happens first wins the bit ENDED; only the winner gives back the place and the permit, records the call and
     * completes the future. Everything that comes later finds the call ended and is dropped. The bit DISPATCHED is won only before
     * that, so that what is said of a call at its end stays true.
     */
    private static final Logger log = LoggerFactory.getLogger(PendingCall.class);
    private static final int DISPATCHED = 1;
    private static final int ENDED = 2;
    private static final AtomicIntegerFieldUpdater<PendingCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(PendingCall.class, "state");
    private static final int MAX_WAITING_NOTIFICATIONS = 10_000;

    private final CallPipeline pipeline;
    private final ServerEntry server;
    private final String method;
    private final @Nullable JsonText params;
    private final @Nullable String tool;
    private final CallOptions options;
    private final @Nullable SerialExecutor side;
    private final boolean progress;
    private final Duration timeout;
    private final long begun;
    private final Deadline deadline;
    private long permit = CallBreaker.REFUSED;
    private volatile @Nullable BreakerState breakerAtBegin;
    private volatile int state;
    private volatile boolean retried;
    private volatile boolean silentCaller;
    private volatile @Nullable CompletionStage<RpcOutcome> upstream;
    private volatile @Nullable CompletionStage<Lease> leasing;
    private volatile @Nullable Lease lease;
    private volatile @Nullable EnhancedCall enhancing;
    /** What goes to the server: the parameters, with improved prompts if that was asked for. */
    private volatile @Nullable JsonText outgoing;

    private PendingCall(
            CallPipeline pipeline,
            ServerEntry server,
            String method,
            @Nullable JsonText params,
            CallOptions options,
            Executor executor,
            @Nullable SerialExecutor side) {
        super(side != null ? side : executor);
        this.pipeline = pipeline;
        this.server = server;
        this.method = method;
        this.params = params;
        this.outgoing = params;
        this.tool = pipeline.recorder().toolOf(method, params);
        this.options = options;
        this.side = side;
        this.progress =
                options.listener().isPresent() && options.listener().get().wantsProgress();
        this.timeout = options.timeout().orElse(server.spec().callTimeout());
        this.begun = pipeline.scheduler().nanoTime();
        DeadlineQueue usual = options.timeout().isEmpty() ? server.deadlines() : null;
        this.deadline = new Deadline(pipeline.scheduler(), begun, timeout, usual, this::expired);
    }

    /** Makes a call; {@link #begin} sends it on its way. */
    static PendingCall of(
            CallPipeline pipeline, ServerEntry server, String method, @Nullable JsonText params, CallOptions options) {
        Executor executor = options.executor().orElse(pipeline.callbackExecutor());
        // Side messages and the end of a call share one queue, so that nothing is heard after the end.
        SerialExecutor side = options.listener().isPresent()
                ? new SerialExecutor(executor, MAX_WAITING_NOTIFICATIONS, pipeline.onThrow())
                : null;
        JsonText carried =
                options.trace().isEmpty() ? params : options.trace().get().into(params);
        return new PendingCall(pipeline, server, method, carried, options, executor, side);
    }

    /** Passes the breaker and goes to the server. The place in flight is taken already. */
    void begin() {
        AgentHubException refusal = server.refusal(method, params);
        if (refusal == null) {
            permit = server.breaker().acquire();
            refusal = permit == CallBreaker.REFUSED ? server.breaker().refusal() : null;
        }
        breakerAtBegin = server.breaker().state();
        if (refusal != null) {
            end(null, refusal);
            return;
        }
        deadline.arm();
        EnhancedCall improving = spec().enhance().isEmpty() ? null : pipeline.enhance(this, deadline.remaining());
        if (improving == null) {
            reachServer();
        } else {
            waitFor(improving);
        }
    }

    /** Goes on once the prompts in the parameters are improved, or passed through. */
    private void waitFor(EnhancedCall improving) {
        enhancing = improving;
        improving.whenComplete((improved, failure) -> {
            if (ended()) {
                return;
            }
            if (improved == null) {
                end(null, SafeStages.unwrap(failure, "enhancer", name(), false));
                return;
            }
            outgoing = improved;
            pipeline.enhanced(this, improving);
            reachServer();
        });
        if (ended()) {
            improving.cancel(true);
        }
    }

    private void reachServer() {
        CompletionStage<Bridge> ready =
                SafeStages.call("supervisor", () -> server.managed().bridge());
        Bridge present = SafeStages.present(ready);
        if (present != null) {
            choose(present);
            return;
        }
        ready.whenComplete((bridge, failure) -> {
            if (bridge != null) {
                choose(bridge);
            } else {
                end(null, SafeStages.unwrap(failure, "supervisor", name(), false));
            }
        });
    }

    /** Takes the shared connection, or one of its own if the server may ask this caller something. */
    private void choose(Bridge shared) {
        CompletionStage<Lease> ordered = ended() ? null : server.lease(shared, method, options);
        if (ordered == null) {
            send(shared);
            return;
        }
        leasing = ordered;
        ordered.whenComplete((leased, failure) -> {
            if (leased == null) {
                end(null, SafeStages.unwrap(failure, "bridge", name(), false));
                return;
            }
            lease = leased;
            if (ended()) {
                leased.release(true);
            } else {
                send(leased.bridge());
            }
        });
    }

    private void send(Bridge bridge) {
        if (ended()) {
            return;
        }
        CompletionStage<RpcOutcome> sent = SafeStages.call("bridge", () -> bridge.request(method, outgoing, this));
        upstream = sent;
        sent.whenComplete(this);
        if (ended()) {
            withdraw();
        }
    }

    /** The bridge's outcome. */
    @Override
    public void accept(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        if (ended()) {
            return;
        }
        if (outcome != null) {
            end(outcome, null);
            return;
        }
        AgentHubException known = SafeStages.unwrap(
                failure == null ? new NullPointerException("null outcome") : failure, "bridge", name(), dispatched());
        if (known instanceof BridgeClosedException closed && closed.exit().cause() == BridgeExit.Cause.REQUESTED) {
            if (pipeline.closing()) {
                end(null, new HubClosedException(pipeline.state(), known.dispatched()));
                return;
            }
            if (!known.dispatched() && !retried) {
                // The bridge was closed between being found and being used; the server may have another.
                retried = true;
                reachServer();
                return;
            }
        }
        end(null, known);
    }

    private void expired() {
        CompletionStage<Lease> ordered = leasing;
        if (ordered != null && server.pool().isWaiting(ordered)) {
            // The server had no time to answer, because others used all of its connections.
            end(null, new BusyException(name(), "process.max", spec().process().max()));
        } else if (first()) {
            finish(null, new CallTimeoutException(name(), method, timeout, dispatched()));
        }
    }

    /** The caller has not answered a question for so long that another call gets the connection. */
    private void displaced() {
        silentCaller = true;
        end(null, new CallTimeoutException(name(), method, BridgePool.PATIENCE, true));
    }

    @Override
    protected void onCancel() {
        if (first()) {
            if (permit != CallBreaker.REFUSED) {
                server.breaker().released(permit);
            }
            pipeline.recorded(this, ErrorKind.CANCELLED.name(), null, null);
            // Before the connection is given back, which may close it: the server is to know what it is closed for.
            withdraw();
            release(false);
        }
    }

    private void withdraw() {
        CompletionStage<RpcOutcome> sent = upstream;
        if (sent != null) {
            sent.toCompletableFuture().cancel(true);
        }
    }

    private boolean ended() {
        return (state & ENDED) != 0;
    }

    private boolean dispatched() {
        return (state & DISPATCHED) != 0;
    }

    /** Ends the call for whoever comes first; whether it was dispatched is settled by then. */
    private boolean first() {
        return (STATE.getAndAccumulate(this, ENDED, (before, bit) -> before | bit) & ENDED) == 0;
    }

    private void end(@Nullable RpcOutcome outcome, @Nullable AgentHubException failure) {
        if (first()) {
            finish(outcome, failure);
        }
    }

    private void finish(@Nullable RpcOutcome outcome, @Nullable AgentHubException failure) {
        try {
            settle(outcome, failure);
        } catch (RuntimeException | Error e) {
            // Whatever goes wrong on the way, the caller has its answer.
            pipeline.onThrow().run();
            log.atError().setCause(e).addKeyValue("server", name()).log("The end of a call could not be recorded");
        }
        if (outcome != null) {
            release(true);
            succeed(outcome);
        } else if (failure != null) {
            withdraw();
            release(!dispatched());
            fail(failure);
        }
    }

    private void settle(@Nullable RpcOutcome outcome, @Nullable AgentHubException failure) {
        if (permit != CallBreaker.REFUSED) {
            settlePermit(failure);
        }
        if (outcome != null) {
            if (outcome instanceof RpcResult result) {
                server.succeeded(method, params, result, options, lease == null);
            }
            pipeline.recorded(this, outcome instanceof RpcError ? Activity.ERROR : Activity.OK, outcome, null);
        } else if (failure != null) {
            pipeline.recorded(this, failure.kind().name(), null, failure);
        }
    }

    private void release(boolean answered) {
        Lease leased = lease;
        if (leased != null) {
            leased.release(answered);
        } else if (leasing != null) {
            leasing.toCompletableFuture().cancel(false);
        }
        EnhancedCall improving = enhancing;
        if (improving != null) {
            improving.cancel(true);
        }
        deadline.cancel();
        pipeline.left(this);
    }

    private void settlePermit(@Nullable AgentHubException failure) {
        if (failure == null) {
            server.breaker().succeeded(permit);
        } else if (failure.kind().isInfrastructureFault() && !silentCaller) {
            server.breaker().failed(permit, failure);
        } else {
            server.breaker().released(permit);
        }
    }

    @Override
    public Duration remaining() {
        return deadline.remaining();
    }

    @Override
    public ClientProfile client() {
        return options.profile();
    }

    @Override
    public boolean tryDispatch() {
        CallArrival arrival = options.arrival().orElse(null);
        if (arrival != null && !ended()) {
            // Before the claim: whoever cancels the call after it must know.
            SafeStages.run("call arrival", arrival::dispatched);
        }
        return STATE.compareAndSet(this, 0, DISPATCHED) || state == DISPATCHED;
    }

    @Override
    public boolean wantsProgress() {
        return progress;
    }

    @Override
    public boolean wantsMessages() {
        return side != null;
    }

    @Override
    public void notified(RpcNotification notification) {
        CallListener listener = options.listener().orElse(null);
        if (side != null && listener != null && !ended() && !side.offer(() -> listener.notified(notification))) {
            pipeline.dropped();
        }
    }

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        CallListener listener = options.listener().orElse(null);
        if (side == null || listener == null || ended()) {
            return Promise.succeeded(CallerAnswer.refusal(request));
        }
        CallerAnswer answer = new CallerAnswer();
        hold();
        answer.whenComplete((outcome, failure) -> goOn());
        if (!side.offer(
                () -> answer.follow(SafeStages.call("call listener", () -> listener.asked(request)), request))) {
            answer.succeed(CallerAnswer.refusal(request));
        }
        return answer;
    }

    private void hold() {
        deadline.hold();
        Lease leased = lease;
        if (leased != null) {
            leased.asked(this::displaced);
        }
    }

    private void goOn() {
        deadline.goOn();
        Lease leased = lease;
        if (leased != null) {
            leased.answered();
        }
    }

    String name() {
        return server.spec().name();
    }

    CallMeter meter() {
        return server.meter().calls();
    }

    String method() {
        return method;
    }

    @Nullable
    JsonText params() {
        return params;
    }

    /** The tool it is for, if it was to be recorded when it began. */
    @Nullable
    String tool() {
        return tool;
    }

    ServerSpec spec() {
        return server.spec();
    }

    CallOptions options() {
        return options;
    }

    /** How the breaker stood when the call passed it or was refused; null if it did not come that far. */
    @Nullable
    BreakerState breakerAtBegin() {
        return breakerAtBegin;
    }

    long size() {
        return params == null ? 0 : params.length();
    }

    long elapsedNanos() {
        return pipeline.scheduler().nanoTime() - begun;
    }
}
