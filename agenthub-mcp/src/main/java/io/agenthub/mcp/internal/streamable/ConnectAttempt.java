package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.HttpStatusException;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.era.Discovery;
import io.agenthub.mcp.internal.era.EraMemory;
import io.agenthub.mcp.internal.era.EraMemory.Verdict;
import io.agenthub.mcp.internal.era.EraPolicy;
import io.agenthub.mcp.internal.era.Handshake;
import io.agenthub.mcp.internal.era.ModernBridge;
import io.agenthub.mcp.internal.era.RefusedException;
import io.agenthub.mcp.internal.era.Revisions;
import io.agenthub.mcp.internal.era.Unattended;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One attempt to reach a server and to agree with it; succeeds with a live bridge or leaves nothing behind. */
final class ConnectAttempt extends Promise<Bridge> {
    /*
     *   protocol: modern, auto ──▶ server/discover ──▶ modern bridge
     *                                    │ another revision: asked once more
     *                                    │ auto, and no word of this era
     *   protocol: legacy ────────────────┴──▶ initialize ──▶ session bridge
     *
     * Whoever is refused at the door (401, 403, 429, a redirect) or cannot be reached is not asked in another way.
     */
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Set<Integer> FINAL = Set.of(401, 403, 407, 429);

    private final ServerSpec spec;
    private final StreamableSettings settings;
    private final ProviderContext context;
    private final Loops.Lease lease;
    private final Line line;
    private final EraMemory memory;
    private final ConnectRequest request;
    private final JsonText offer;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private Scheduler.@Nullable Task timer;
    private @Nullable Wire wire;
    private boolean ending;

    ConnectAttempt(
            ServerSpec spec,
            StreamableSettings settings,
            ProviderContext context,
            Loops.Lease lease,
            Line line,
            EraMemory memory,
            ConnectRequest request) {
        super(context.executor());
        this.spec = spec;
        this.settings = settings;
        this.context = context;
        this.lease = lease;
        this.line = line;
        this.memory = memory;
        this.request = request;
        // Made here, since what it says of the hub is read from a file once.
        this.offer = Handshake.offer(request.clientCapabilities(), settings.forwardRoots());
    }

    /** Completes when the attempt needs no more watching: it succeeded, or nothing of it is left. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    void begin() {
        onLoop(() -> {
            timer = context.scheduler().schedule(request.timeout(), () -> onLoop(this::timedOut));
            boolean legacy = settings.era() == EraPolicy.LEGACY
                    || (settings.era() == EraPolicy.AUTO && memory.verdict() == Verdict.LEGACY);
            if (legacy) {
                initialize();
            } else {
                discover(Revisions.MODERN.get(0), false);
            }
        });
    }

    private Wire newWire(Function<Wire, Manner> manner) {
        Wire made = new Wire(spec, settings, context, line, request.listener(), manner);
        wire = made;
        return made;
    }

    // Stateless

    private void discover(String revision, boolean again) {
        Wire probing = newWire(made -> new StatelessManner(made, revision));
        line.headers(() -> Map.of());
        CompletionStage<RpcOutcome> answer =
                probing.request(Discovery.METHOD, Discovery.params(revision), Unattended.DEAF);
        Duration patience = settings.era() == EraPolicy.MODERN ? request.timeout() : probeTime();
        Scheduler.Task impatience = context.scheduler()
                .schedule(patience, () -> answer.toCompletableFuture().cancel(true));
        answer.whenComplete((outcome, failure) -> onLoop(() -> {
            impatience.cancel();
            if (isOpen() && outcome != null) {
                discovered(probing, Discovery.read(outcome, again));
            } else if (isOpen()) {
                notDiscovered(failure);
            }
        }));
    }

    private Duration probeTime() {
        Duration third = request.timeout().dividedBy(3);
        return third.compareTo(PROBE) < 0 ? third : PROBE;
    }

    private void discovered(Wire probing, Discovery.Finding finding) {
        if (finding instanceof Discovery.Modern modern) {
            memory.found(Verdict.MODERN);
            probing.open(modern.info());
            ModernBridge bridge = new ModernBridge(
                    spec.name(), probing, modern.info(), settings.forwardRoots(), memory, context, request.listener());
            handOver(bridge);
            bridge.begin();
        } else if (finding instanceof Discovery.AskAgain other) {
            discover(other.revision(), true);
        } else if (finding instanceof Discovery.Legacy && settings.era() == EraPolicy.AUTO) {
            initialize();
        } else {
            giveUp(ErrorKind.CHILD_PROTOCOL, why(finding));
        }
    }

    private static String why(Discovery.Finding finding) {
        return finding instanceof Discovery.Strange strange
                ? strange.why()
                : ((Discovery.Legacy) finding).why() + "; set \"protocol\": \"auto\" if it has sessions";
    }

    private void notDiscovered(Throwable failure) {
        boolean refused = failure instanceof ConnectException
                || (failure instanceof HttpStatusException status
                        && (FINAL.contains(status.status()) || status.status() < 400));
        if (settings.era() == EraPolicy.MODERN || refused) {
            refused(failure);
        } else {
            initialize();
        }
    }

    // With a session

    private void initialize() {
        SessionManner[] manner = new SessionManner[1];
        Wire made = newWire(of -> {
            manner[0] = new SessionManner(of, offer, request.timeout());
            return manner[0];
        });
        line.headers(manner[0]::headers);
        manner[0]
                .initialize()
                .whenComplete((outcome, failure) -> onLoop(() -> {
                    if (isOpen() && outcome != null) {
                        initialized(made, manner[0], outcome);
                    } else if (isOpen()) {
                        refused(failure);
                    }
                }));
    }

    private void initialized(Wire made, SessionManner manner, RpcOutcome outcome) {
        try {
            ServerInfo info = Handshake.accept(outcome);
            memory.found(Verdict.LEGACY);
            made.open(info);
            manner.established(info);
            handOver(made);
        } catch (RefusedException e) {
            giveUp(ErrorKind.CHILD_PROTOCOL, String.valueOf(e.getMessage()));
        }
    }

    // Endings

    private void handOver(Bridge bridge) {
        stopTimer();
        bridge.whenClosed().whenComplete((exit, failure) -> lease.release());
        whenComplete((open, cancelled) -> {
            if (open != null) {
                settled.complete(null);
            } else {
                onLoop(this::clear);
            }
        });
        succeed(bridge);
    }

    private boolean isOpen() {
        return !ending && !isDone();
    }

    private void timedOut() {
        if (isOpen()) {
            giveUp(
                    ErrorKind.INIT_TIMEOUT,
                    "did not complete its handshake within " + request.timeout().toMillis()
                            + " ms; raise startTimeout if it is slow to start");
        }
    }

    private void refused(@Nullable Throwable failure) {
        if (failure instanceof AgentHubException known) {
            end(new ConnectException(
                    known.kind() == ErrorKind.BUSY ? ErrorKind.CHILD_PROTOCOL : known.kind(),
                    spec.name(),
                    String.valueOf(known.getMessage()),
                    null,
                    known));
        } else {
            giveUp(ErrorKind.CHILD_PROTOCOL, "did not answer the first request");
        }
    }

    /** Completes "Server 'x' …". */
    private void giveUp(ErrorKind kind, String why) {
        end(new ConnectException(kind, spec.name(), "Server '" + spec.name() + "' " + why, null, null));
    }

    private void end(ConnectException failure) {
        if (ending) {
            // What is under way fails because of the first failure, which is the one to tell.
            return;
        }
        ending = true;
        clear();
        settled.whenComplete((nothing, problem) -> fail(failure));
    }

    @Override
    protected void onCancel() {
        onLoop(this::clear);
    }

    /** Leaves nothing behind. */
    private void clear() {
        stopTimer();
        Wire made = wire;
        if (made == null) {
            line.close();
            cleared();
        } else {
            made.whenClosed().whenComplete((exit, failure) -> cleared());
            made.end(BridgeExit.of(BridgeExit.Cause.REQUESTED, "no longer wanted"));
        }
    }

    private void cleared() {
        lease.release();
        settled.complete(null);
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
            settled.complete(null);
        }
    }
}
