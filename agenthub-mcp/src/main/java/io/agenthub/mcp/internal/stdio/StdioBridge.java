package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.call.Admission;
import io.agenthub.mcp.internal.call.Counters;
import io.agenthub.mcp.internal.call.Redactor;
import io.agenthub.mcp.internal.process.ProcessTree;
import io.agenthub.mcp.internal.transport.PipeListener;
import io.agenthub.mcp.internal.transport.StdioPipes;
import java.io.IOException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bridge to one child: a thread-safe shell around a session and a process that both belong to one loop. */
final class StdioBridge implements Bridge, Child.Owner {
    private final ServerSpec spec;
    private final StdioResources.Lease lease;
    private final Scheduler scheduler;
    private final Admission admission;
    private final Counters counters;
    private final StderrTail stderr;
    private final Session session;
    private final LineFramer framer;
    private final Promise<BridgeExit> whenClosed;
    private final Promise<Void> closed;
    private CompletableFuture<Void> callersTold = CompletableFuture.completedFuture(null);
    private Consumer<BridgeExit> watcher = exit -> {};
    private Runnable lossWatcher = () -> {};
    private volatile @Nullable Child child;
    private volatile @Nullable ServerInfo info;

    StdioBridge(
            ServerSpec spec,
            StdioSettings settings,
            ProviderContext context,
            StdioResources.Lease lease,
            BridgeListener listener) {
        this.spec = spec;
        this.lease = lease;
        this.scheduler = context.scheduler();
        this.admission = new Admission(spec.name(), spec.limits(), 1);
        this.counters = new Counters(scheduler.nanoTime());
        Redactor redactor = new Redactor(settings.launch().secrets());
        this.stderr = new StderrTail(redactor);
        this.session = new Session(
                spec.name(),
                spec.limits(),
                lease.loop(),
                context.executor(),
                admission,
                counters,
                scheduler::nanoTime,
                new NoiseLog(spec.name(), redactor, scheduler::nanoTime),
                settings.forwardRoots(),
                listener);
        this.framer = new LineFramer(spec.limits().maxFrameBytes(), lease.pieces(), session);
        this.whenClosed = new Promise<>(context.executor());
        this.closed = new Promise<>(context.executor());
    }

    /** What the pipes report, before there is a child to report to: it is made from the pipes. */
    PipeListener pipeListener() {
        return new PipeListener() {
            @Override
            public void output(byte[] chunk, int from, int to) {
                child().output(chunk, from, to);
            }

            @Override
            public void outputEnded() {
                child().outputEnded();
            }

            @Override
            public void errorOutput(byte[] chunk, int from, int to) {
                stderr.append(chunk, from, to);
            }

            @Override
            public void errorEnded() {
                child().errorEnded();
            }

            @Override
            public void progressed(int bytes) {
                child().progressed(bytes);
            }

            @Override
            public void drained() {
                child().drained();
            }

            @Override
            public void inputFailed(IOException cause) {
                child().inputFailed(cause);
            }
        };
    }

    private Child child() {
        return Objects.requireNonNull(child, "the pipes deliver nothing before they are begun");
    }

    Session session() {
        return session;
    }

    /**
     * Takes charge of a process just started. On the loop.
     *
     * @param whenGone hears on the loop that nothing of the process is left
     * @param whenLost hears it instead, on some thread, if the loop ended first
     */
    void begin(StdioPipes pipes, ProcessTree tree, Consumer<BridgeExit> whenGone, Runnable whenLost) {
        watcher = whenGone;
        lossWatcher = whenLost;
        Child started =
                new Child(spec.name(), pipes, tree, lease.loop(), scheduler, lease.pool(), framer, stderr, this);
        child = started;
        Outbox outbox = new Outbox(
                lease.loop(),
                scheduler,
                pipes,
                lease.pieces(),
                admission,
                session::tryDispatch,
                () -> started.fail(
                        BridgeExit.Cause.STALLED, "did not read its input for " + Outbox.STALL.toSeconds() + " s"));
        session.begin(outbox);
        started.begin(outbox);
    }

    /** The handshake is done. */
    void open(ServerInfo agreed) {
        info = agreed;
        counters.requests.reset();
    }

    /** Ends the child at once. On the loop. */
    void abandon(String why) {
        child().fail(BridgeExit.Cause.REQUESTED, why);
    }

    @Override
    public void ending(BridgeExit exit) {
        callersTold = session.end(exit);
    }

    @Override
    public void gone(BridgeExit exit) {
        lease.forget(child().pid());
        lease.release();
        watcher.accept(exit);
        callersTold.whenComplete((nothing, failure) -> {
            whenClosed.succeed(exit);
            closed.succeed();
        });
    }

    /** The loop has ended: ends the child without it. From any thread. */
    void lost() {
        child().lost();
    }

    @Override
    public void taken() {
        lease.forget(child().pid());
        lease.release();
        lossWatcher.run();
        closed.succeed();
    }

    @Override
    public ServerInfo info() {
        return Objects.requireNonNull(info, "not handed out before the handshake is done");
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext context) {
        Objects.requireNonNull(method);
        Objects.requireNonNull(context);
        return session.request(method, params, context);
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        Objects.requireNonNull(method);
        return session.notify(method, params);
    }

    @Override
    public CompletionStage<BridgeExit> whenClosed() {
        return whenClosed;
    }

    @Override
    public BridgeStats stats() {
        return counters.stats(OptionalLong.of(child().pid()), admission);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        try {
            lease.loop().execute(() -> child().stop());
        } catch (RejectedExecutionException e) {
            // Our loop ends only after us, a lent one when the hub is gone: the child goes without it.
            lost();
        }
        return closed;
    }
}
