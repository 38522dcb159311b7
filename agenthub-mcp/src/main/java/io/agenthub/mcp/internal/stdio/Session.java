package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.mcp.internal.call.Admission;
import io.agenthub.mcp.internal.call.Counters;
import io.agenthub.mcp.internal.call.Guard;
import io.agenthub.mcp.internal.call.Lane;
import io.agenthub.mcp.internal.call.PrivateId;
import io.agenthub.mcp.internal.call.ProgressToken;
import io.agenthub.mcp.internal.call.Questions;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one child: who waits for which answer. What callers use is thread-safe and hops to the loop; all
 * else is confined to it.
 */
final class Session implements LineFramer.Sink {
    /*
     * A call is in the table from when it is queued until it ends, whichever way comes first: its answer, its withdrawal, or
     * the end of the child. The table decides; whoever takes the call out of it is the one who ends it. So a call ends once,
     * and an answer whose call is not there, or was not sent yet, is an orphan.
     */
    private static final long NOBODY = 0;

    private final String server;
    private final ServerLimits limits;
    private final EventLoop loop;
    private final Executor executor;
    private final Admission admission;
    private final Counters counters;
    private final LongSupplier clock;
    private final Guard guard;
    private final NoiseLog noise;
    private final Questions questions;
    private final BridgeListener listener;
    private final AtomicLong ids = new AtomicLong();
    private final PendingCalls pending = new PendingCalls();
    private final Consumer<Call> withdrawal = this::withdraw;
    private @Nullable Outbox outbox;
    private boolean stateless;
    private volatile @Nullable BridgeExit exit;

    Session(
            String server,
            ServerLimits limits,
            EventLoop loop,
            Executor executor,
            Admission admission,
            Counters counters,
            LongSupplier clock,
            NoiseLog noise,
            boolean forwardRoots,
            BridgeListener listener) {
        this.server = server;
        this.limits = limits;
        this.loop = loop;
        this.executor = executor;
        this.admission = admission;
        this.counters = counters;
        this.clock = clock;
        this.guard = new Guard(server);
        this.noise = noise;
        this.questions = new Questions(loop, guard, forwardRoots, this::reply);
        this.listener = listener;
    }

    /** Opens the way to the child. */
    void begin(Outbox queue) {
        outbox = queue;
    }

    /** From now on the server is known to be of the era without sessions, which sends no requests. */
    void stateless() {
        stateless = true;
    }

    CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context) {
        return request(method, params, context, executor);
    }

    /** Asks so that answers are heard on the loop, in the order in which the server gave them. */
    CompletionStage<RpcOutcome> requestInOrder(String method, @Nullable JsonText params, CallContext context) {
        return request(method, params, context, Runnable::run);
    }

    private CompletionStage<RpcOutcome> request(
            String method, @Nullable JsonText params, CallContext context, Executor listeners) {
        long id = ids.incrementAndGet();
        ProgressToken token;
        try {
            token = ProgressToken.replace(params, context.wantsProgress(), id);
        } catch (MalformedMessageException e) {
            return Promise.failed(e);
        }
        Frame frame = Frame.request(id, method, token.sent());
        BridgeExit ended = exit;
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server, ended, false));
        }
        Call call = new Call(listeners, id, method, context, token.original(), frame, withdrawal);
        Optional<AgentHubException> refusal =
                call.lane == Lane.STANDING ? admission.message(frame.size()) : admission.call(frame.size());
        if (refusal.isPresent()) {
            return Promise.failed(refusal.get());
        }
        if (call.lane != Lane.STANDING) {
            counters.requests.increment();
        }
        if (!onLoop(() -> submit(call))) {
            call.fail(new BridgeClosedException(server, lost(), false));
        }
        return call;
    }

    CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        Frame frame = Frame.message(new RpcNotification(method, params));
        BridgeExit ended = exit;
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server, ended, false));
        }
        Optional<AgentHubException> refusal = admission.message(frame.size());
        if (refusal.isPresent()) {
            return Promise.failed(refusal.get());
        }
        Promise<Void> queued = new Promise<>(executor);
        if (!onLoop(() -> enqueue(frame, queued))) {
            queued.fail(new BridgeClosedException(server, lost(), false));
        }
        return queued;
    }

    private void enqueue(Frame frame, Promise<Void> queued) {
        BridgeExit ended = exit;
        if (ended != null || outbox == null) {
            admission.bytesGone(frame.size());
            queued.fail(new BridgeClosedException(server, ended == null ? lost() : ended, false));
        } else {
            outbox.add(new Outbox.Entry(frame, null));
            queued.succeed();
        }
    }

    private void submit(Call call) {
        BridgeExit ended = exit;
        if (ended != null || outbox == null) {
            admission.bytesGone(call.entry.size());
            release(call);
            call.fail(new BridgeClosedException(server, ended == null ? lost() : ended, false));
        } else if (call.isDone()) {
            admission.bytesGone(call.entry.size());
            release(call);
        } else {
            pending.add(call);
            outbox.add(call.entry);
        }
    }

    private void withdraw(Call call) {
        release(call);
        onLoop(() -> {
            if (pending.remove(call.id) != null) {
                if (outbox != null && !outbox.remove(call.entry) && call.entry.handedOver()) {
                    send(cancelled(call.id));
                }
            }
        });
    }

    private static RpcMessage cancelled(long id) {
        return new RpcNotification(
                "notifications/cancelled",
                JsonText.ofValue(Map.of("requestId", id, "reason", "withdrawn by the caller")));
    }

    /** Claims a call for its way to the server, the last moment before it is; one that has ended stays here. */
    boolean tryDispatch(Call call) {
        return guard.test("tryDispatch", call.context::tryDispatch);
    }

    private void release(Call call) {
        if (call.leave()) {
            admission.callEnded();
        }
    }

    /** Sends a message of our own: dropped if there is no room, since a child that does not read will be recycled. */
    void send(RpcMessage message) {
        Frame frame = Frame.message(message);
        if (outbox != null && exit == null && admission.message(frame.size()).isEmpty()) {
            outbox.add(new Outbox.Entry(frame, null));
        }
    }

    private void reply(RpcResponse response) {
        send(response);
    }

    @Override
    public void line(byte[] bytes, int from, int to) {
        if (exit != null || isBlank(bytes, from, to)) {
            return;
        }
        try {
            RpcMessage message = RpcMessage.parse(bytes, from, to, JsonLimits.RELAY);
            counters.lastTraffic = clock.getAsLong();
            route(message);
        } catch (MalformedMessageException e) {
            counters.noise(to - from);
            noise.heard(bytes, from, to, e);
        }
    }

    private void route(RpcMessage message) {
        if (message instanceof RpcResponse response) {
            answered(response);
        } else if (message instanceof RpcNotification notification) {
            notified(notification);
        } else if (stateless) {
            violated((RpcRequest) message);
        } else {
            questions.asked((RpcRequest) message, soleCall());
        }
    }

    /** A stateless server must not send requests, and nobody may answer it; a call it can be blamed for ends at once. */
    private void violated(RpcRequest request) {
        counters.noise.increment();
        noise.request(request.method());
        pending.sole().ifPresent(call -> {
            if (take(call.id) != null) {
                send(cancelled(call.id));
                call.fail(new ProtocolViolationException(
                        server, "sent a request of its own, which a stateless server must not"));
            }
        });
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void lineTooLong(EnvelopeScan envelope) {
        Call call = take(envelope.answerId().flatMap(PrivateId::readWritten).orElse(NOBODY));
        if (call != null) {
            call.fail(new FrameTooLongException(server, limits.maxFrameBytes(), true));
        } else {
            counters.noise(envelope.length());
            noise.tooLong(envelope.length());
        }
    }

    private void answered(RpcResponse response) {
        JsonText id = response.id();
        Call call = id == null ? null : take(PrivateId.read(id).orElse(NOBODY));
        if (call != null) {
            call.succeed(response.outcome());
        } else {
            counters.orphans.increment();
        }
    }

    /** Takes a call out of the table, so that its taker ends it; one that was not sent yet cannot have an answer. */
    private @Nullable Call take(long id) {
        Call call = pending.get(id);
        if (call == null || !call.entry.handedOver()) {
            return null;
        }
        pending.remove(id);
        release(call);
        return call;
    }

    private void notified(RpcNotification notification) {
        if (notification.method().equals("notifications/progress")) {
            ProgressToken.idOf(notification).map(pending::get).ifPresent(call -> progressed(call, notification));
        } else if (stateless && StreamId.isIn(notification)) {
            StreamId.of(notification).map(pending::get).ifPresent(call -> tell(call, notification));
        } else if (notification.method().equals("notifications/message")) {
            logged(notification);
        } else if (notification.method().equals("notifications/cancelled")) {
            questions.withdrawn(notification);
        } else {
            guard.run("notified", () -> listener.notified(notification));
        }
    }

    private void progressed(Call call, RpcNotification notification) {
        if (!call.isDone() && call.context.wantsProgress()) {
            RpcNotification restored = ProgressToken.restore(notification, call.progressToken);
            guard.run("notified", () -> call.context.notified(restored));
        }
    }

    /** A log message names no call. It is told to the only one that can be meant, or else to whoever hears the rest. */
    private void logged(RpcNotification message) {
        Optional<Call> meant = stateless
                ? pending.sole(call -> call.context.client().logLevel().isPresent())
                : pending.sole().filter(call -> call.context.wantsMessages());
        if (meant.isPresent()) {
            tell(meant.get(), message);
        } else {
            guard.run("notified", () -> listener.notified(message));
        }
    }

    private void tell(Call call, RpcNotification notification) {
        if (!call.isDone()) {
            guard.run("notified", () -> call.context.notified(notification));
        }
    }

    /** The context of the only call in flight: the one a question of the server must belong to. */
    private Optional<CallContext> soleCall() {
        return pending.sole().map(call -> call.context);
    }

    /** Ends everything that is under way; what comes later is refused. Completes when every caller has been told. */
    CompletableFuture<Void> end(BridgeExit ended) {
        exit = ended;
        List<Call> calls = pending.drain();
        for (Call call : calls) {
            release(call);
            call.fail(new BridgeClosedException(server, ended, call.entry.handedOver()));
        }
        questions.end();
        return CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0]))
                .exceptionally(failure -> null);
    }

    private BridgeExit lost() {
        return BridgeExit.of(BridgeExit.Cause.REQUESTED, "closed by the hub");
    }

    private boolean onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return true;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
