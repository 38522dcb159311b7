package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.call.Admission;
import io.agenthub.mcp.internal.call.Counters;
import io.agenthub.mcp.internal.call.Guard;
import io.agenthub.mcp.internal.call.Lane;
import io.agenthub.mcp.internal.call.ProgressToken;
import io.agenthub.mcp.internal.call.Questions;
import io.agenthub.mcp.internal.era.Unattended;
import io.agenthub.mcp.internal.http.Exchange;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests, answers and notifications between callers and one server over HTTP. What is of {@link Bridge} is
 * thread-safe and hops to the loop; all else is confined to it.
 */
final class Wire implements Bridge {
    /*
     * A call is in the table from when it is accepted until it ends, whichever way comes first: its answer, its failure, its
     * withdrawal, or the end of the bridge. Whoever takes it out of the table is the one who ends it; so a call ends once, and an
     * answer whose call is not there is an orphan.
     */
    private static final BridgeExit CLOSED = BridgeExit.of(BridgeExit.Cause.REQUESTED, "closed by the hub");

    private final ServerSpec spec;
    private final Line line;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Manner manner;
    private final Admission admission;
    private final Counters counters;
    private final Guard guard;
    private final Questions questions;
    private final Inbox inbox;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Call> pending = new LinkedHashMap<>();
    private final Promise<BridgeExit> whenClosed;
    private final Promise<Void> closed;
    private volatile @Nullable BridgeExit exit;
    private volatile @Nullable ServerInfo info;

    Wire(
            ServerSpec spec,
            StreamableSettings settings,
            ProviderContext context,
            Line line,
            BridgeListener listener,
            Function<Wire, Manner> manner) {
        this.spec = spec;
        this.line = line;
        this.scheduler = context.scheduler();
        this.executor = context.executor();
        this.admission = new Admission(spec.name(), spec.limits(), 0);
        this.counters = new Counters(scheduler.nanoTime());
        this.guard = new Guard(spec.name());
        this.questions = new Questions(line.loop(), guard, settings.forwardRoots(), line::reply);
        this.inbox = new Inbox(this, counters, guard, questions, listener, scheduler);
        this.whenClosed = new Promise<>(executor);
        this.closed = new Promise<>(executor);
        this.manner = manner.apply(this);
    }

    // Of the bridge, from any thread

    @Override
    public ServerInfo info() {
        return Objects.requireNonNull(info, "handed out after the handshake only");
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context) {
        Objects.requireNonNull(method);
        Objects.requireNonNull(context);
        long id = ids.incrementAndGet();
        ProgressToken token;
        try {
            token = ProgressToken.replace(params, context.wantsProgress(), id);
        } catch (MalformedMessageException e) {
            return Promise.failed(e);
        }
        JsonText body = new RpcRequest(JsonText.of(Long.toString(id)), method, token.sent())
                .toJson()
                .singleLine();
        BridgeExit ended = exit;
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server(), ended, false));
        }
        boolean counted = Lane.of(method) != Lane.STANDING;
        Call call = new Call(executor, id, method, params, context, token.original(), body, counted, this);
        Optional<AgentHubException> refusal =
                counted ? admission.call(body.length()) : admission.message(body.length());
        if (refusal.isPresent()) {
            return Promise.failed(refusal.get());
        }
        if (counted) {
            counters.requests.increment();
        }
        return sent(call);
    }

    /** A request of our own, for which calls wait that have taken all places, perhaps. */
    CompletionStage<RpcOutcome> ask(String method, JsonText params) {
        long id = ids.incrementAndGet();
        JsonText body = new RpcRequest(JsonText.of(Long.toString(id)), method, params)
                .toJson()
                .singleLine();
        BridgeExit ended = exit;
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server(), ended, false));
        }
        admission.own(body.length());
        return sent(new Call(executor, id, method, params, Unattended.DEAF, Optional.empty(), body, false, this));
    }

    private Call sent(Call call) {
        if (!onLoop(() -> submit(call))) {
            call.fail(new BridgeClosedException(server(), CLOSED, false));
        }
        return call;
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        Objects.requireNonNull(method);
        JsonText body = new RpcNotification(method, params).toJson().singleLine();
        BridgeExit ended = exit;
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server(), ended, false));
        }
        Optional<AgentHubException> refusal = admission.message(body.length());
        if (refusal.isPresent()) {
            return Promise.failed(refusal.get());
        }
        Promise<Void> queued = new Promise<>(executor);
        boolean hopped = onLoop(() -> {
            BridgeExit over = exit;
            if (over == null) {
                line.announce(body, manner::headers, () -> admission.bytesGone(body.length()));
                queued.succeed();
            } else {
                admission.bytesGone(body.length());
                queued.fail(new BridgeClosedException(server(), over, false));
            }
        });
        if (!hopped) {
            queued.fail(new BridgeClosedException(server(), CLOSED, false));
        }
        return queued;
    }

    @Override
    public CompletionStage<BridgeExit> whenClosed() {
        return whenClosed;
    }

    @Override
    public BridgeStats stats() {
        return counters.stats(OptionalLong.empty(), admission);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        if (!onLoop(() -> end(CLOSED))) {
            whenClosed.succeed(CLOSED);
            closed.succeed();
        }
        return closed;
    }

    boolean onLoop(Runnable task) {
        try {
            line.loop().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    // On the loop

    String server() {
        return spec.name();
    }

    int maxFrameBytes() {
        return spec.limits().maxFrameBytes();
    }

    Refusals refusals() {
        return line.refusals();
    }

    Line line() {
        return line;
    }

    /** The handshake is done. */
    void open(ServerInfo agreed) {
        info = agreed;
        counters.requests.reset();
    }

    boolean isResumable(Call call) {
        return manner.isResumable(call);
    }

    boolean isPending(Call call) {
        return pending.containsKey(call.id);
    }

    boolean isPending(long id) {
        return pending.containsKey(id);
    }

    boolean isEnded() {
        return exit != null;
    }

    private void submit(Call call) {
        BridgeExit ended = exit;
        if (ended != null || call.isDone()) {
            release(call);
            call.stream.abandon();
            call.fail(new BridgeClosedException(server(), ended == null ? CLOSED : ended, false));
            return;
        }
        pending.put(call.id, call);
        if (call.lane.isAside()) {
            begin(call);
        } else {
            line.afterAnnouncements(() -> begin(call));
        }
    }

    private void begin(Call call) {
        if (isPending(call)) {
            try {
                manner.begin(call, call.stream::post);
            } catch (RuntimeException | Error e) {
                // Others may stand behind it, and must not wait because of it.
                fail(call, e);
            }
        }
    }

    Exchange post(Call call, CallStream stream) {
        return line.post(call.body, manner.headers(call), call.lane.isAside(), stream);
    }

    Exchange resume(String lastEventId, Reply.Owner owner) {
        return line.listen(lastEventId, manner.headers(), owner);
    }

    Scheduler.Task later(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> onLoop(task));
    }

    /** Claims a call for its way to the server; one that has ended stays here. */
    boolean tryDispatch(Call call) {
        return guard.test("tryDispatch", call.context::tryDispatch);
    }

    void written(Call call) {
        admission.bytesGone(call.body.length());
    }

    void accepted(Call call, HttpHeaders headers) {
        manner.accepted(call, headers);
    }

    void withdraw(Call call) {
        release(call);
        onLoop(() -> {
            if (pending.remove(call.id) == null) {
                return;
            }
            if (call.stream.dispatched()) {
                manner.withdrawn(call);
            } else {
                call.stream.abandon();
            }
        });
    }

    private void release(Call call) {
        if (call.leave()) {
            admission.callEnded();
        }
    }

    void refused(Call call, int status, HttpHeaders headers, byte[] reason) {
        Optional<RpcError> error = refusals().answer(call.id, status, reason);
        if (manner.refused(call, status, error.orElse(null))) {
            return;
        }
        if (error.isPresent()) {
            counters.lastTraffic = scheduler.nanoTime();
            succeed(call, error.get());
        } else {
            fail(call, refusals().status(status, headers, reason));
        }
    }

    void fail(Call call, Throwable failure) {
        if (pending.remove(call.id) != null) {
            release(call);
            call.stream.abandon();
            call.fail(failure);
        }
    }

    /** Fails the calls of which nothing is with the server, as far as the manner knows. */
    void fail(List<Call> calls, AgentHubException failure) {
        calls.forEach(call -> fail(call, failure));
    }

    void succeed(Call call, RpcOutcome outcome) {
        if (!isPending(call)) {
            return;
        }
        RpcOutcome told;
        try {
            told = manner.answered(call, outcome);
        } catch (MalformedMessageException e) {
            fail(call, refusals().unusable("answered " + call.method + " with what cannot be read: " + e.getMessage()));
            return;
        }
        pending.remove(call.id);
        release(call);
        call.stream.answered();
        call.succeed(told);
    }

    /** A message came: on the stream of a call, or on none. */
    void message(@Nullable Call source, byte[] json) {
        if (exit == null) {
            inbox.message(source, json);
        }
    }

    Optional<Call> find(long id) {
        return Optional.ofNullable(pending.get(id));
    }

    Collection<Call> calls() {
        return Collections.unmodifiableCollection(pending.values());
    }

    boolean hasSession() {
        return manner.hasSession();
    }

    /** Ends everything that is under way; what comes later is refused. */
    void end(BridgeExit ended) {
        if (exit != null) {
            return;
        }
        exit = ended;
        List<Call> calls = new ArrayList<>(pending.values());
        pending.clear();
        // Asked for before they end: of one that is just being completed, whatever comes after it would run here.
        CompletableFuture<Void> told = CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0]));
        for (Call call : calls) {
            release(call);
            call.stream.abandon();
            call.fail(new BridgeClosedException(server(), ended, call.stream.dispatched()));
        }
        questions.end();
        manner.close(() -> {
            line.close();
            told.whenComplete((nothing, failures) -> {
                whenClosed.succeed(ended);
                closed.succeed();
            });
        });
    }
}
