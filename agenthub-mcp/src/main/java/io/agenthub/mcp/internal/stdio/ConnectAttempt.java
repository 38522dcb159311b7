package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
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
     */
    private final ServerSpec spec;
    private final StdioSettings settings;
    private final Launcher launcher;
    private final ProviderContext context;
    private final StdioResources.Lease lease;
    private final ConnectRequest request;
    private Scheduler.@Nullable Task timer;
    private @Nullable StdioBridge bridge;
    private @Nullable Failure failure;
    private boolean spawning = true;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    /** Why the attempt failed, to be told once the child is gone. */
    private record Failure(ErrorKind kind, String message) {}

    ConnectAttempt(
            ServerSpec spec,
            StdioSettings settings,
            Launcher launcher,
            ProviderContext context,
            StdioResources.Lease lease,
            ConnectRequest request) {
        super(context.executor());
        this.spec = spec;
        this.settings = settings;
        this.launcher = launcher;
        this.context = context;
        this.lease = lease;
        this.request = request;
    }

    void begin() {
        timer = context.scheduler().schedule(request.timeout(), () -> onLoop(this::timedOut));
        try {
            lease.pool().execute(this::spawn);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            spawnFailed("no thread to start the process with", e);
        }
    }

    private void spawn() {
        try {
            StdioBridge starting = new StdioBridge(spec, settings, context, lease, request.listener());
            JsonText offer = Handshake.offer(request.clientCapabilities(), settings.forwardRoots());
            StdioPipes pipes = lease.transports()
                    .choose(settings.transport(), lease.loop())
                    .start(launcher.prepare(), spec.name(), lease.loop(), starting.pipeListener());
            lease.watch(pipes.process().pid());
            onLoop(() -> spawned(starting, pipes, offer));
        } catch (IOException | RuntimeException e) {
            onLoop(() -> spawnFailed(String.valueOf(e.getMessage()), e));
        }
    }

    /** Completes when the attempt needs no more watching: it succeeded, or nothing of it is left. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    private void spawnFailed(String problem, Throwable cause) {
        lease.release();
        fail(new ConnectException(
                ErrorKind.SPAWN_FAILED,
                spec.name(),
                "Server '" + spec.name() + "' could not be started: " + problem,
                null,
                cause));
        settled.complete(null);
        stopTimer();
    }

    private void spawned(StdioBridge starting, StdioPipes pipes, JsonText offer) {
        spawning = false;
        bridge = starting;
        starting.begin(pipes, new ProcessTree(pipes.process().toHandle(), Launcher.ownSession()), this::gone);
        if (failure != null || isDone()) {
            starting.abandon("no longer wanted");
            return;
        }
        starting.session()
                .request(Handshake.METHOD, offer, Handshake.UNATTENDED)
                .whenComplete((outcome, problem) -> onLoop(() -> initialized(starting, outcome)));
    }

    private void initialized(StdioBridge starting, @Nullable RpcOutcome outcome) {
        if (outcome == null || failure != null || isDone()) {
            return;
        }
        try {
            ServerInfo info = Handshake.accept(outcome);
            stopTimer();
            starting.session().send(new RpcNotification("notifications/initialized", null));
            starting.open(info);
            whenComplete((open, cancelled) -> {
                if (open != null) {
                    settled.complete(null);
                }
            });
            succeed(starting);
        } catch (Handshake.RefusedException e) {
            giveUp(ErrorKind.CHILD_PROTOCOL, "Server '" + spec.name() + "' " + e.getMessage());
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
        if (bridge != null) {
            bridge.abandon(message);
        }
    }

    /** Nothing of the child is left. Without effect once the bridge was handed over. */
    private void gone(BridgeExit exit) {
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
            fail(new ConnectException(
                    ErrorKind.SPAWN_FAILED, spec.name(), "The event loop of the hub has ended", null, e));
        }
    }
}
