package io.agenthub.tck;

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
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A bridge without a server: the test says what each method answers, and when the connection ends. Thread-safe.
 *
 * <p>Unless told otherwise it answers {@code ping} with <code>{}</code> and echoes the parameters of anything else.
 */
public final class FakeBridge implements Bridge {
    private final String server;
    private final TckContext context;
    private final BridgeListener listener;
    private final Map<String, FakeScript> scripts = new ConcurrentHashMap<>();
    private final List<FakeCall> calls = new CopyOnWriteArrayList<>();
    private final List<FakeCall> open = new CopyOnWriteArrayList<>();
    private final List<RpcNotification> sent = new CopyOnWriteArrayList<>();
    private final AtomicReference<BridgeExit> exit = new AtomicReference<>();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicLong lastTraffic = new AtomicLong();
    private final AtomicLong noise = new AtomicLong();
    private final Promise<BridgeExit> closed;
    private final Promise<Void> closing;
    private volatile FakeScript otherwise = FakeScript.ECHO;
    private volatile boolean dispatching = true;
    private volatile @Nullable Duration closeTakes = Duration.ZERO;

    /**
     * A live bridge.
     *
     * @param server the server's name, for failures
     * @param context gives the executor that completes stages, and time
     * @param listener hears what {@link #notifyOutsideCalls} sends
     */
    public FakeBridge(String server, TckContext context, BridgeListener listener) {
        this.server = server;
        this.context = context;
        this.listener = listener;
        this.closed = new Promise<>(context.executor());
        this.closing = new Promise<>(context.executor());
        scripts.put("ping", FakeScript.answer("{}"));
        touch();
    }

    /**
     * Says what a method does.
     *
     * @param method the MCP method
     * @param script what happens when it is called
     * @return this
     */
    public FakeBridge on(String method, FakeScript script) {
        scripts.put(method, script);
        return this;
    }

    /**
     * Says what every other method does.
     *
     * @param script what happens
     * @return this
     */
    public FakeBridge otherwise(FakeScript script) {
        otherwise = script;
        return this;
    }

    /**
     * Says whether requests leave the queue. While they do not, calls are accepted, but neither dispatched nor answered.
     *
     * @param on true at first
     * @return this
     */
    public FakeBridge dispatching(boolean on) {
        dispatching = on;
        return this;
    }

    /**
     * Says how long closing takes.
     *
     * @param time zero at first
     * @return this
     */
    public FakeBridge closeTakes(Duration time) {
        closeTakes = time;
        return this;
    }

    /**
     * Makes the server survive being closed; {@link #exit} still ends it.
     *
     * @return this
     */
    public FakeBridge neverCloses() {
        closeTakes = null;
        return this;
    }

    /**
     * Counts lines that were no messages, of 80 bytes each.
     *
     * @param lines how many more
     * @return this
     */
    public FakeBridge noise(long lines) {
        noise.addAndGet(lines);
        return this;
    }

    /**
     * Ends the connection: pending calls fail first, then {@link #whenClosed()} completes. Without effect if it has ended.
     *
     * @param how how it ends
     */
    public void exit(BridgeExit how) {
        if (!exit.compareAndSet(null, how)) {
            return;
        }
        failPending(how);
        closed.succeed(how);
        closing.succeed(null);
    }

    private void failPending(BridgeExit how) {
        for (FakeCall call : open) {
            call.fail(new BridgeClosedException(server, how, dispatching));
        }
    }

    /**
     * Ends the connection as a process does that exits by itself.
     *
     * @param code its exit code
     */
    public void exit(int code) {
        exit(BridgeExit.ofProcess(BridgeExit.Cause.EXITED, code, ""));
    }

    /**
     * Sends a notification that belongs to no call.
     *
     * @param notification the notification
     */
    public void notifyOutsideCalls(RpcNotification notification) {
        touch();
        listener.notified(notification);
    }

    /**
     * All calls so far.
     *
     * @return in the order they were made
     */
    public List<FakeCall> calls() {
        return List.copyOf(calls);
    }

    /**
     * The calls of one method.
     *
     * @param method the method
     * @return in the order they were made
     */
    public List<FakeCall> calls(String method) {
        return calls.stream().filter(call -> call.method().equals(method)).toList();
    }

    /**
     * The notifications this bridge was given to send.
     *
     * @return in order
     */
    public List<RpcNotification> sentNotifications() {
        return List.copyOf(sent);
    }

    /**
     * How often {@link #closeAsync()} was called.
     *
     * @return a count
     */
    public int closes() {
        return closes.get();
    }

    /**
     * Whether the connection has ended.
     *
     * @return true if so
     */
    public boolean isClosed() {
        return exit.get() != null;
    }

    @Override
    public ServerInfo info() {
        return new ServerInfo(
                "2025-11-25",
                "fake",
                "1",
                JsonText.of("{\"tools\":{}}"),
                Optional.empty(),
                JsonText.of("{\"protocolVersion\":\"2025-11-25\"}"));
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext callContext) {
        BridgeExit ended = ending();
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server, ended, false));
        }
        FakeCall call = new FakeCall(method, params, callContext, context.executor(), this::ended);
        calls.add(call);
        open.add(call);
        if (exit.get() != null) {
            call.fail(new BridgeClosedException(server, exit.get(), false));
        } else if (dispatching && callContext.tryDispatch()) {
            scripts.getOrDefault(method, otherwise).play(call);
        }
        return call.stage();
    }

    private void ended(FakeCall call) {
        if (open.remove(call) && !call.isCancelled()) {
            touch();
        }
    }

    private void touch() {
        lastTraffic.set(context.scheduler().nanoTime());
    }

    private @Nullable BridgeExit ending() {
        return closes.get() > 0 && exit.get() == null ? requested() : exit.get();
    }

    private static BridgeExit requested() {
        return BridgeExit.of(BridgeExit.Cause.REQUESTED, "closed by the hub");
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        BridgeExit ended = ending();
        if (ended != null) {
            return Promise.failed(new BridgeClosedException(server, ended, false));
        }
        sent.add(new RpcNotification(method, params));
        Promise<Void> queued = new Promise<>(context.executor());
        queued.succeed(null);
        return queued;
    }

    @Override
    public CompletionStage<BridgeExit> whenClosed() {
        return closed;
    }

    @Override
    public BridgeStats stats() {
        return new BridgeStats(
                OptionalLong.empty(),
                open.size(),
                0,
                calls.size(),
                0,
                noise.get(),
                noise.get() * 80,
                lastTraffic.get());
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        if (closes.incrementAndGet() == 1 && exit.get() == null) {
            failPending(requested());
            Duration time = closeTakes;
            Scheduler scheduler = context.scheduler();
            if (time != null && time.isZero()) {
                exit(requested());
            } else if (time != null) {
                scheduler.schedule(time, () -> exit(requested()));
            }
        }
        return closing;
    }
}
