package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.era.EraMemory;
import io.agenthub.mcp.internal.era.Handshake;
import io.agenthub.mcp.internal.era.ModernBridge;
import io.agenthub.mcp.internal.process.Launcher;
import io.agenthub.mcp.internal.process.ProcessTree;
import io.agenthub.mcp.internal.transport.StdioPipes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One attempt to start a server and to agree with it; succeeds with a live bridge or leaves nothing behind. */
final class ConnectAttempt extends Promise<Bridge> {
    /*
     * The attempt watches over the child until the bridge has reached its caller. A failure is remembered first and
     * delivered when nothing of the child is left, so that whoever tries again does not meet the last one's remains.
     *
     * An attempt may need a second process: some servers end when they are asked something they do not know. The attempt keeps a
     * lease of its own, so that what both share outlives the first.
     */
    private static final String LOOP_ENDED = "the event loop of the hub has ended";

    private final ServerSpec spec;
    private final StdioSettings settings;
    private final Launcher launcher;
    private final EraMemory memory;
    private final ProviderContext context;
    private final StdioResources.Lease lease;
    private final ConnectRequest request;
    private Scheduler.@Nullable Task timer;
    private volatile @Nullable StdioBridge bridge;
    private @Nullable Opening opening;
    private @Nullable Failure failure;
    private Opening.@Nullable Plan another;
    private boolean spawning = true;
    private boolean handedOver;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    /** Why the attempt failed, to be told once the child is gone. */
    private record Failure(ErrorKind kind, String message) {}

    ConnectAttempt(
            ServerSpec spec,
            StdioSettings settings,
            Launcher launcher,
            EraMemory memory,
            ProviderContext context,
            StdioResources.Lease lease,
            ConnectRequest request) {
        super(context.executor());
        this.spec = spec;
        this.settings = settings;
        this.launcher = launcher;
        this.memory = memory;
        this.context = context;
        this.lease = lease;
        this.request = request;
    }

    void begin() {
        settled.whenComplete((nothing, never) -> lease.release());
        timer = context.scheduler().schedule(request.timeout(), () -> onLoop(this::timedOut));
        start(Opening.plan(settings.era(), memory));
    }

    private void start(Opening.Plan plan) {
        StdioResources.Lease own = lease.another();
        try {
            // All that follows is heard on the loop, and its thread may have to start first.
            lease.loop().execute(() -> {});
            lease.pool().execute(() -> spawn(own, plan));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            spawnFailed(own, "there is no thread to start it with", e);
        }
    }

    private void spawn(StdioResources.Lease own, Opening.Plan plan) {
        StdioBridge starting;
        JsonText offer;
        StdioPipes pipes;
        try {
            starting = new StdioBridge(spec, settings, context, own, request.listener());
            offer = Handshake.offer(request.clientCapabilities(), settings.forwardRoots());
            pipes = own.transports()
                    .choose(settings.transport(), own.loop())
                    .start(launcher.prepare(), spec.name(), own.loop(), starting.pipeListener());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            onLoopOrHere(() -> spawnFailed(own, String.valueOf(e.getMessage()), e));
            return;
        }
        try {
            own.watch(pipes.process().pid());
            lease.loop().execute(() -> spawned(own, starting, pipes, plan, offer));
        } catch (RejectedExecutionException e) {
            takeBack(own, pipes, LOOP_ENDED, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            takeBack(own, pipes, String.valueOf(e.getMessage()), e);
        }
    }

    /** Nobody will listen to a process just started: ends it and what it started, and fails when nothing is left. */
    private void takeBack(StdioResources.Lease own, StdioPipes pipes, String problem, Throwable cause) {
        long pid = pipes.process().pid();
        ProcessTree tree = new ProcessTree(pipes.process().toHandle(), Launcher.ownSession());
        tree.end(
                lease.pool(),
                () -> onLoopOrHere(() -> {
                    try {
                        pipes.close();
                    } finally {
                        own.forget(pid);
                        spawnFailed(own, problem, cause);
                    }
                }));
    }

    /** Completes when the attempt needs no more watching: it succeeded, or nothing of it is left. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    private void spawnFailed(StdioResources.Lease own, String problem, Throwable cause) {
        own.release();
        fail(new ConnectException(
                ErrorKind.SPAWN_FAILED,
                spec.name(),
                "Server '" + spec.name() + "' could not be started: " + problem,
                null,
                cause));
        settled.complete(null);
        stopTimer();
    }

    private void spawned(
            StdioResources.Lease own, StdioBridge starting, StdioPipes pipes, Opening.Plan plan, JsonText offer) {
        if (lease.loop().isShuttingDown()) {
            // This is among its last tasks: what the process does would not be heard to its end.
            takeBack(own, pipes, LOOP_ENDED, new RejectedExecutionException("the event loop is shutting down"));
            return;
        }
        spawning = false;
        bridge = starting;
        starting.begin(
                pipes, new ProcessTree(pipes.process().toHandle(), Launcher.ownSession()), this::gone, this::lost);
        if (failure != null || isDone()) {
            starting.abandon("no longer wanted");
            return;
        }
        Opening begun = new Opening(
                spec.name(),
                starting.session(),
                plan,
                settings.era(),
                memory,
                context.scheduler(),
                this::onLoop,
                offer,
                new Opened(starting));
        opening = begun;
        begun.begin();
    }

    /** What becomes of the opening. */
    private final class Opened implements Opening.Result {
        private final StdioBridge starting;

        Opened(StdioBridge starting) {
            this.starting = starting;
        }

        @Override
        public void opened(ServerInfo info, boolean modern) {
            if (failure == null && !isDone()) {
                handOver(starting, info, modern);
            }
        }

        @Override
        public void modernNextTime() {
            another = Opening.Plan.MODERN;
            starting.abandon("bound to a session by a question asked too early");
        }

        @Override
        public void refused(String why) {
            giveUp(ErrorKind.CHILD_PROTOCOL, "Server '" + spec.name() + "' " + why);
        }

        @Override
        public void failed(Throwable why) {
            ErrorKind kind = why instanceof AgentHubException known ? known.kind() : ErrorKind.INTERNAL;
            giveUp(kind, String.valueOf(why.getMessage()));
        }
    }

    private void handOver(StdioBridge starting, ServerInfo info, boolean modern) {
        stopTimer();
        handedOver = true;
        starting.open(info);
        whenComplete((open, cancelled) -> {
            if (open != null) {
                settled.complete(null);
            }
        });
        if (modern) {
            starting.session().stateless();
            ModernBridge stateless = new ModernBridge(
                    spec.name(), starting, info, settings.forwardRoots(), memory, context, request.listener());
            stateless.begin();
            succeed(stateless);
        } else {
            succeed(starting);
        }
    }

    private void timedOut() {
        if (isDone() || failure != null) {
            return;
        }
        String message = "Server '" + spec.name() + "' did not complete its handshake within "
                + request.timeout().toMillis() + " ms; raise startTimeout if it is slow to start";
        if (spawning) {
            failure = new Failure(ErrorKind.INIT_TIMEOUT, message);
            fail(new ConnectException(ErrorKind.INIT_TIMEOUT, spec.name(), message, null, null));
        } else {
            giveUp(ErrorKind.INIT_TIMEOUT, message);
        }
    }

    private void giveUp(ErrorKind kind, String message) {
        stopTimer();
        failure = new Failure(kind, message);
        if (opening != null) {
            opening.end();
        }
        if (bridge != null) {
            bridge.abandon(message);
        }
    }

    /** Nothing of the child is left. Without effect once the bridge was handed over. */
    private void gone(BridgeExit exit) {
        if (handedOver) {
            settled.complete(null);
            return;
        }
        Opening.Plan next = next();
        if (opening != null) {
            opening.end();
        }
        if (next != null) {
            another = null;
            opening = null;
            bridge = null;
            spawning = true;
            start(next);
            return;
        }
        Failure why = failure == null
                ? new Failure(
                        ErrorKind.CHILD_EXITED,
                        "Server '" + spec.name() + "' ended before its handshake was done: " + exit.detail()
                                + lastWords(exit))
                : failure;
        fail(new ConnectException(why.kind(), spec.name(), why.message(), exit, null));
        settled.complete(null);
        stopTimer();
    }

    /** The loop ended before the child did, and nothing of the child is left now. Off the loop. */
    private void lost() {
        stopTimer();
        fail(loopEnded(null));
        settled.complete(null);
    }

    private ConnectException loopEnded(@Nullable Throwable cause) {
        return new ConnectException(
                ErrorKind.SPAWN_FAILED, spec.name(), "The event loop of the hub has ended", null, cause);
    }

    /** How to begin with another process, if the one that is gone deserves it. */
    private Opening.@Nullable Plan next() {
        if (failure != null || isDone()) {
            return null;
        }
        return another != null || opening == null || !opening.wasProbed() ? another : Opening.Plan.LEGACY;
    }

    private static String lastWords(BridgeExit exit) {
        String tail = exit.stderrTail();
        return tail.isEmpty() ? "" : "; its last words: " + tail.substring(tail.lastIndexOf('\n') + 1);
    }

    @Override
    protected void onCancel() {
        onLoop(() -> {
            if (bridge != null) {
                bridge.abandon("no longer wanted");
            }
            stopTimer();
        });
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void onLoop(Runnable task) {
        try {
            lease.loop().execute(task);
        } catch (RejectedExecutionException e) {
            StdioBridge running = bridge;
            if (running == null) {
                // Whoever starts the process finds the loop ended, too.
                fail(loopEnded(e));
            } else {
                running.lost();
            }
        }
    }

    /** For what has to be done also when the loop has ended, and nothing runs on it any more. */
    private void onLoopOrHere(Runnable task) {
        try {
            lease.loop().execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }
}
