package io.agenthub.core.internal.hub;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.monitor.Drops;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.core.internal.breaker.CallBreaker;
import io.agenthub.core.internal.enhance.CallEnhancer;
import io.agenthub.core.internal.lease.BridgePool;
import io.agenthub.core.internal.monitor.Monitor;
import io.agenthub.core.internal.monitor.ServerMeter;
import io.agenthub.core.internal.pinning.PinFile;
import io.agenthub.core.internal.pinning.ToolPins;
import io.agenthub.core.internal.spi.SafeConnector;
import io.agenthub.core.internal.spi.SafeServer;
import io.agenthub.core.internal.spi.SafeStages;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub over one supervisor. Thread-safe. */
public final class SupervisedHub implements Hub {
    private static final Logger log = LoggerFactory.getLogger(SupervisedHub.class);

    private final HubParts parts;
    private final Supervisor supervisor;
    private final CallPipeline pipeline;
    private final CallEnhancer callEnhancer;
    private final InFlight inFlight;
    private final ActivityRecorder recorder;
    private final Enhancer enhancer;
    private final Events events;
    private final Monitor monitor;
    private final Snapshots snapshots;
    private final Map<String, ServerEntry> entries = new ConcurrentSkipListMap<>();
    /** The same without order, for each call. */
    private final Map<String, ServerEntry> byName = new ConcurrentHashMap<>();

    private final List<Planned> planned = new ArrayList<>();
    private volatile HubState state = HubState.NEW;
    private final Promise<Void> started;
    private final Promise<Void> closed;

    /**
     * Puts a hub together; no I/O.
     *
     * @param parts what it is made from
     * @throws ConfigurationException if a server's settings cannot be used
     */
    public SupervisedHub(HubParts parts) {
        this.parts = parts;
        ProviderContext context = parts.context();
        this.events = new Events(parts.listeners(), parts.callbackExecutor());
        this.recorder = new ActivityRecorder(context.scheduler(), parts.store(), events, parts.recordsNothing());
        this.inFlight =
                new InFlight(parts.config().maxInFlight(), parts.config().maxInFlightBytes());
        this.monitor =
                new Monitor(parts.config().monitor(), context.scheduler(), loops(context), inFlight::calls, recorder);
        this.snapshots = new Snapshots(parts, monitor, inFlight, entries.values());
        this.callEnhancer = new CallEnhancer(parts.enhancer(), context.scheduler());
        this.enhancer = new RecordedEnhancer(parts.enhancer(), recorder, context.scheduler());
        this.pipeline = new CallPipeline(
                context.scheduler(), parts.callbackExecutor(), this::state, inFlight, recorder, monitor, callEnhancer);
        this.started = new Promise<>(parts.callbackExecutor());
        this.closed = new Promise<>(parts.callbackExecutor());
        parts.config().servers().forEach(spec -> planned.add(new Planned(spec, connector(spec))));
        this.supervisor = parts.supervisor()
                .create(parts.config().supervisor().settings(), context, new SupervisorListener() {
                    @Override
                    public void changed(ServerStatus before, ServerStatus after) {
                        recorder.server(before, after);
                        ServerEntry entry = entries.get(after.name());
                        if (entry != null && after.state() == ServerState.RUNNING && before.state() != after.state()) {
                            entry.subscriptions().renew(context.scheduler(), entry.managed());
                        }
                    }

                    @Override
                    public void notified(String server, RpcNotification notification) {
                        events.notified(server, notification);
                    }
                });
    }

    /** A server of the configuration, to be added when the store is open. */
    private record Planned(ServerSpec spec, Connector connector) {}

    /** All of a server but what starts it. */
    private record Prepared(
            ServerSpec spec,
            Connector measured,
            CallBreaker breaker,
            BridgePool pool,
            ServerMeter meter,
            ToolPins pins,
            Subscriptions subscriptions) {}

    private static Iterable<? extends Executor> loops(ProviderContext context) {
        return context.shared(EventLoopGroup.class)
                .map(group -> (Iterable<? extends Executor>) group)
                .orElseGet(List::of);
    }

    private Connector connector(ServerSpec spec) {
        CallEnhancer.check(spec);
        return parts.bridges().get(spec.bridge(), spec.settings().path()).create(spec, parts.context());
    }

    @Override
    public CompletionStage<Void> start() {
        if (!advance(HubState.NEW, HubState.STARTING)) {
            if (state.compareTo(HubState.STOPPING) >= 0) {
                started.fail(new HubClosedException(state, false));
            }
            return started;
        }
        CompletionStage<Void> open =
                SafeStages.call("activity store", () -> parts.store().open());
        CompletionStage<Void> pinned = pinned();
        List<Prepared> prepared;
        try {
            // While the store opens, so that all that is left to do then is to start them.
            prepared = prepare();
        } catch (RuntimeException | Error e) {
            started.fail(SafeStages.unwrap(e, "supervisor", null, false));
            closeAsync();
            return started;
        }
        open.whenComplete((nothing, failure) -> {
            if (failure != null) {
                started.fail(SafeStages.unwrap(failure, "activity store", null, false));
                closeAsync();
            } else {
                pinned.whenComplete((read, none) -> opened(prepared));
            }
        });
        return started;
    }

    private List<Prepared> prepare() {
        List<Prepared> prepared = new ArrayList<>();
        planned.forEach(server -> prepared.add(prepare(server.spec(), server.connector(), new Subscriptions())));
        planned.clear();
        return prepared;
    }

    /** The tools that were pinned by the hub before this one. */
    private CompletionStage<Void> pinned() {
        PinFile pins = parts.pins();
        return pins == null ? done() : pins.load();
    }

    private void opened(List<Prepared> prepared) {
        try {
            synchronized (entries) {
                prepared.forEach(this::add);
            }
        } catch (RuntimeException | Error e) {
            started.fail(SafeStages.unwrap(e, "supervisor", null, false));
            closeAsync();
            return;
        }
        if (advance(HubState.STARTING, HubState.STARTED)) {
            if (parts.watch() != null) {
                parts.watch().begin(this::apply);
            }
            monitor.begin();
            started.succeed();
        } else {
            started.fail(new HubClosedException(state, false));
        }
    }

    private Prepared prepare(ServerSpec spec, Connector connector, Subscriptions subscriptions) {
        CallBreaker breaker =
                new CallBreaker(spec.name(), spec.breaker(), parts.context().scheduler(), recorder::breaker);
        ServerMeter meter = monitor.meters().server(spec.name());
        breaker.countOn(meter.former().refused());
        Connector measured = meter.measured(new SafeConnector(spec.name(), connector));
        BridgePool pool = new BridgePool(
                spec,
                measured,
                parts.context().scheduler(),
                notification -> events.notified(spec.name(), notification),
                (session, bridge) -> subscriptions.renew(parts.context().scheduler(), spec, session, bridge));
        ToolPins pins = new ToolPins(
                spec.process().mode() != ProcessPolicy.Mode.SESSION,
                parts.context().scheduler()::now,
                finding -> recorder.tool(spec.name(), finding));
        return new Prepared(spec, measured, breaker, pool, meter, pins, subscriptions);
    }

    private void add(Prepared server) {
        ServerSpec spec = server.spec();
        PinFile kept = parts.pins();
        if (kept != null) {
            kept.keep(spec, server.pins());
        }
        ManagedServer managed =
                Objects.requireNonNull(supervisor.add(spec, server.measured()), "the supervisor answered null");
        SafeServer safe =
                new SafeServer(spec, managed, parts.context().scheduler().now());
        ServerEntry entry = new ServerEntry(
                safe,
                server.breaker(),
                server.pool(),
                server.meter(),
                server.meter().former().restarts(),
                server.pins(),
                server.subscriptions(),
                new DeadlineQueue(parts.context().scheduler(), spec.callTimeout()));
        entries.put(spec.name(), entry);
        byName.put(spec.name(), entry);
    }

    @Override
    public HubState state() {
        return state;
    }

    private synchronized boolean advance(HubState from, HubState to) {
        boolean legal = state == from;
        if (legal) {
            state = to;
        }
        return legal;
    }

    /** From whatever state to stopping; false if it was stopping already. */
    private synchronized boolean beginStopping() {
        boolean first = state.compareTo(HubState.STOPPING) < 0;
        if (first) {
            state = HubState.STOPPING;
        }
        return first;
    }

    @Override
    public McpServer server(String name) {
        return new HubServer(name, this);
    }

    @Override
    public Collection<McpServer> servers() {
        return names().stream().map(this::server).toList();
    }

    @Override
    public Enhancer enhancer() {
        return enhancer;
    }

    @Override
    public ActivityStore activities() {
        return parts.store();
    }

    @Override
    public Registration listen(HubListener listener) {
        return events.add(Objects.requireNonNull(listener));
    }

    @Override
    public Optional<ConfigurationException> configurationProblem() {
        return parts.watch() == null ? Optional.empty() : parts.watch().problem();
    }

    @Override
    public MonitorSnapshot monitor() {
        return snapshots.take(new Drops(
                events.dropped(),
                pipeline.droppedMessages(),
                recorder.lost(),
                events.threw() + pipeline.listenersThatThrew() + recorder.threw()));
    }

    @Nullable
    ServerEntry entry(String name) {
        return byName.get(name);
    }

    Collection<String> names() {
        return List.copyOf(entries.keySet());
    }

    int callsInFlight() {
        return inFlight.calls();
    }

    CallPipeline pipeline() {
        return pipeline;
    }

    @Override
    public CompletionStage<Void> apply(HubConfig config) {
        if (state != HubState.STARTED) {
            return Promise.failed(new HubClosedException(state, false));
        }
        Promise<Void> applied = new Promise<>(parts.callbackExecutor());
        List<CompletableFuture<?>> ends = new ArrayList<>();
        try {
            synchronized (entries) {
                Map<ServerSpec, Connector> fresh = new LinkedHashMap<>();
                Set<String> kept = new HashSet<>();
                for (ServerSpec spec : config.servers()) {
                    ServerEntry present = entries.get(spec.name());
                    if (present != null && present.spec().equals(spec)) {
                        kept.add(spec.name());
                    } else {
                        fresh.put(spec, connector(spec));
                    }
                }
                Map<String, Subscriptions> before = new HashMap<>();
                for (String name : names()) {
                    if (!kept.contains(name)) {
                        ServerEntry gone = entries.remove(name);
                        byName.remove(name);
                        ends.add(SafeStages.call("supervisor", () -> supervisor.remove(name))
                                .toCompletableFuture());
                        if (gone != null) {
                            before.put(name, gone.subscriptions());
                            gone.replaced();
                            ends.add(gone.pool().closeAll().toCompletableFuture());
                        }
                    }
                }
                fresh.forEach((spec, connector) ->
                        add(prepare(spec, connector, before.getOrDefault(spec.name(), new Subscriptions()))));
                monitor.meters().keep(names());
            }
        } catch (RuntimeException | Error e) {
            applied.fail(SafeStages.unwrap(e, "configuration", null, false));
            return applied;
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, failure) -> applied.succeed());
        return applied;
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        if (beginStopping()) {
            if (parts.watch() != null) {
                parts.watch().end();
            }
            Scheduler scheduler = parts.context().scheduler();
            AtomicBoolean once = new AtomicBoolean();
            Runnable drained = () -> {
                if (once.compareAndSet(false, true)) {
                    stopParts();
                }
            };
            Scheduler.Task limit = scheduler.schedule(parts.config().drainTimeout(), () -> {
                log.atWarn()
                        .addKeyValue("inFlight", inFlight.calls())
                        .log("Calls are still in flight after the drain timeout and are ended");
                drained.run();
            });
            inFlight.whenIdle(() -> {
                limit.cancel();
                drained.run();
            });
        }
        return closed;
    }

    /** Each step begins when the one before has ended, however it ended. */
    private void stopParts() {
        callEnhancer.close();
        PinFile pins = parts.pins();
        CompletionStage<Void> pools = CompletableFuture.allOf(entries.values().stream()
                .map(entry -> entry.pool().closeAll().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
        step("supervisor", supervisor::closeAsync)
                .thenCompose(done -> step("connections", () -> pools))
                .thenCompose(done -> inOrder("enhancer", parts.enhancing()))
                .thenCompose(done -> pins == null ? done() : step("tool pins", pins::flush))
                .thenCompose(done -> parts.closeStore()
                        ? step("activity store", () -> parts.store().closeAsync())
                        : done())
                .thenCompose(done -> {
                    advance(HubState.STOPPING, HubState.STOPPED);
                    monitor.end();
                    return step("resources", parts.release());
                })
                .whenComplete((done, failure) -> closed.succeed());
    }

    private static CompletionStage<Void> step(String part, Supplier<CompletionStage<Void>> close) {
        return SafeStages.call(part, close).handle((nothing, failure) -> {
            if (failure != null) {
                log.atWarn().addKeyValue("part", part).setCause(failure).log("A part did not close well");
            }
            return null;
        });
    }

    private static CompletionStage<Void> inOrder(String part, List<AsyncCloseable> all) {
        CompletionStage<Void> closing = done();
        for (AsyncCloseable one : all) {
            closing = closing.thenCompose(done -> step(part, one::closeAsync));
        }
        return closing;
    }

    private static CompletionStage<Void> done() {
        return Promise.done();
    }
}
