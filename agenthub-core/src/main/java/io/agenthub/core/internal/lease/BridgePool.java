package io.agenthub.core.internal.lease;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.core.internal.spi.SafeStages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The connections to one server beside the shared one. Thread-safe; never blocks. */
public final class BridgePool {
    /*
     * A lease is served, in this order, by an idle connection of its kind, a new one if there is room, the place of the
     * connection that has been idle longest, the place of the one whose caller has been silent longest, or a place in the
     * queue. All state is guarded by the pool itself; connectors, bridges and promises are called outside the lock.
     */
    /**
     * How long a caller may think about a question while others wait for its connection. Less than a call has by default, so that
     * nobody is turned away because of those who went away themselves.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String SESSION = "session ";
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    private final ServerSpec spec;
    private final String part;
    private final Connector connector;
    private final Scheduler scheduler;
    private final BridgeListener listener;
    private final BiConsumer<String, Bridge> sessionOpened;
    private final Duration idle;
    private final List<Slot> slots = new ArrayList<>();
    private final Deque<Order> waiting = new ArrayDeque<>();

    private record Order(String key, boolean exclusive, JsonText capabilities, Promise<Lease> promise) {}

    /**
     * Creates an empty pool.
     *
     * @param spec the server, with its bounds
     * @param connector makes connections to it
     * @param scheduler measures idle time
     * @param listener hears what the server sends outside calls
     * @param sessionOpened hears of a session's name and its connection, before any call is sent over it
     */
    public BridgePool(
            ServerSpec spec,
            Connector connector,
            Scheduler scheduler,
            BridgeListener listener,
            BiConsumer<String, Bridge> sessionOpened) {
        this.spec = spec;
        this.part = "bridge of server '" + spec.name() + "'";
        this.connector = connector;
        this.scheduler = scheduler;
        this.listener = listener;
        this.sessionOpened = sessionOpened;
        boolean stops = !spec.idleStop().isZero() && spec.idleStop().compareTo(LONGEST_IDLE) < 0;
        this.idle = stops ? spec.idleStop() : LONGEST_IDLE;
    }

    /**
     * Leases a connection that nobody else uses meanwhile.
     *
     * @param capabilities what the caller can be asked; the connection is opened with these
     * @return the lease. Fails with {@link BusyException} if too many wait, or as {@link Connector#connect} does
     */
    public CompletionStage<Lease> exclusive(JsonText capabilities) {
        return lease(new Order("caps " + capabilities, true, capabilities, new Promise<>(Runnable::run)));
    }

    /**
     * Leases the connection of a client session; all calls of the session share it.
     *
     * @param session the session's name
     * @param capabilities what the client can be asked; the connection is opened with these
     * @return the lease. Fails as {@link #exclusive} does
     */
    public CompletionStage<Lease> session(String session, JsonText capabilities) {
        return lease(new Order(SESSION + session, false, capabilities, new Promise<>(Runnable::run)));
    }

    private CompletionStage<Lease> lease(Order order) {
        Runnable action;
        synchronized (this) {
            action = serve(order);
            if (action == null) {
                waiting.removeIf(waits -> waits.promise().isDone());
                if (waiting.size() >= spec.limits().maxWaiting()) {
                    return Promise.failed(new BusyException(
                            spec.name(), "maxWaiting", spec.limits().maxWaiting()));
                }
                waiting.addLast(order);
                return order.promise();
            }
        }
        action.run();
        return order.promise();
    }

    /** Finds a connection for an order; null if it must wait, else what to do once the lock is released. */
    private @Nullable Runnable serve(Order order) {
        for (Slot slot : slots) {
            if (slot.key.equals(order.key()) && !slot.retired && (slot.idle() || !order.exclusive())) {
                return join(slot, order);
            }
        }
        if (slots.size() < spec.process().max()) {
            return open(order);
        }
        Optional<Slot> oldest = slots.stream()
                .filter(slot -> slot.idle() && slot.exclusive)
                .min(Comparator.comparingLong(slot -> slot.idleSince))
                .or(this::mostSilent);
        if (oldest.isEmpty()) {
            return null;
        }
        Runnable displace = oldest.get().displace;
        Runnable close = retire(oldest.get());
        Runnable open = open(order);
        return () -> {
            if (displace != null) {
                // First, so that the server learns what its connection is closed for.
                displace.run();
            }
            close.run();
            open.run();
        };
    }

    private Optional<Slot> mostSilent() {
        long now = scheduler.nanoTime();
        return slots.stream()
                .filter(slot -> slot.displace != null && now - slot.askedSince >= PATIENCE.toNanos())
                .min(Comparator.comparingLong(slot -> slot.askedSince));
    }

    Scheduler.@Nullable Task asked(Slot slot, Runnable displace) {
        synchronized (this) {
            if (!slot.exclusive) {
                return null;
            }
            slot.displace = displace;
            slot.askedSince = scheduler.nanoTime();
        }
        return scheduler.schedule(PATIENCE, this::serveWaiting);
    }

    synchronized void answered(Slot slot) {
        slot.displace = null;
    }

    /**
     * Whether an order waits for a connection to be free, and not for one to be opened.
     *
     * @param lease what {@link #exclusive} or {@link #session} gave
     * @return true while all connections are in use
     */
    @SuppressWarnings("ReferenceEquality") // this very order, not one like it
    public synchronized boolean isWaiting(CompletionStage<Lease> lease) {
        return waiting.stream().anyMatch(order -> order.promise() == lease);
    }

    private Runnable join(Slot slot, Order order) {
        Bridge bridge = slot.bridge;
        slot.users++;
        if (bridge == null) {
            slot.opening.add(order.promise());
            return () -> {};
        }
        return () -> hand(slot, bridge, order.promise());
    }

    private Runnable open(Order order) {
        Slot slot = new Slot(order.key(), order.exclusive());
        slot.users = 1;
        slot.opening.add(order.promise());
        slots.add(slot);
        return () -> connect(slot, order.capabilities());
    }

    private void connect(Slot slot, JsonText capabilities) {
        CompletionStage<Bridge> connecting = SafeStages.call(
                part, () -> connector.connect(new ConnectRequest(spec.startTimeout(), capabilities, listener)));
        boolean retired;
        synchronized (this) {
            slot.connecting = connecting;
            retired = slot.retired;
        }
        connecting.whenComplete((bridge, failure) -> opened(slot, bridge, failure));
        if (retired) {
            connecting.toCompletableFuture().cancel(true);
        }
    }

    private void opened(Slot slot, @Nullable Bridge bridge, @Nullable Throwable failure) {
        try {
            if (bridge != null && !slot.exclusive) {
                sessionOpened.accept(slot.key.substring(SESSION.length()), bridge);
            }
        } finally {
            handAll(slot, bridge, failure);
        }
    }

    private void handAll(Slot slot, @Nullable Bridge bridge, @Nullable Throwable failure) {
        List<Promise<Lease>> promises;
        boolean retired;
        synchronized (this) {
            promises = List.copyOf(slot.opening);
            slot.opening.clear();
            retired = slot.retired;
            slot.bridge = bridge;
            if (bridge == null) {
                slots.remove(slot);
            }
        }
        if (bridge == null) {
            Throwable cause = retired ? stopped() : whyNot(failure);
            promises.forEach(promise -> promise.fail(cause));
            serveWaiting();
        } else if (retired) {
            bridge.closeAsync();
            promises.forEach(promise -> promise.fail(stopped()));
        } else {
            bridge.whenClosed().whenComplete((exit, none) -> forget(slot));
            promises.forEach(promise -> hand(slot, bridge, promise));
        }
    }

    private Throwable whyNot(@Nullable Throwable failure) {
        return SafeStages.unwrap(
                failure == null ? new NullPointerException("null bridge") : failure, part, spec.name(), false);
    }

    private void hand(Slot slot, Bridge bridge, Promise<Lease> promise) {
        Lease lease = new Lease(this, slot, bridge);
        promise.succeed(lease);
        if (promise.isCancelled()) {
            lease.release(true);
        }
    }

    void release(Slot slot, boolean clean) {
        Runnable close = () -> {};
        synchronized (this) {
            slot.users--;
            slot.displace = null;
            if (slot.users == 0 && slots.contains(slot)) {
                if (slot.exclusive && !clean) {
                    close = retire(slot);
                } else {
                    slot.idleSince = scheduler.nanoTime();
                    scheduler.schedule(idle, () -> reap(slot));
                }
            }
        }
        close.run();
        serveWaiting();
    }

    private void reap(Slot slot) {
        Runnable close = () -> {};
        synchronized (this) {
            boolean longIdle = scheduler.nanoTime() - slot.idleSince >= idle.toNanos();
            if (slots.contains(slot) && slot.exclusive && slot.idle() && longIdle) {
                close = retire(slot);
            }
        }
        close.run();
    }

    /** Takes a connection out of the pool; the answer closes it, or gives up opening it, and is run outside the lock. */
    private Runnable retire(Slot slot) {
        slots.remove(slot);
        slot.retired = true;
        Bridge bridge = slot.bridge;
        CompletionStage<Bridge> connecting = slot.connecting;
        if (bridge != null) {
            return bridge::closeAsync;
        }
        return connecting == null
                ? () -> {}
                : () -> connecting.toCompletableFuture().cancel(true);
    }

    private void forget(Slot slot) {
        synchronized (this) {
            slots.remove(slot);
            slot.retired = true;
        }
        serveWaiting();
    }

    private void serveWaiting() {
        while (true) {
            Runnable action;
            synchronized (this) {
                waiting.removeIf(order -> order.promise().isDone());
                Order next = waiting.peekFirst();
                action = next == null ? null : serve(next);
                if (action == null) {
                    return;
                }
                waiting.removeFirst();
            }
            action.run();
        }
    }

    /**
     * Whether a session has a connection, or is being given one.
     *
     * @param session the session's name
     * @return false once it has ended
     */
    public synchronized boolean hasSession(String session) {
        return slots.stream().anyMatch(slot -> slot.key.equals(SESSION + session));
    }

    /**
     * Closes the connection of a session that has ended; what waits for one is refused.
     *
     * @param session the session's name
     */
    public void endSession(String session) {
        List<Runnable> closes;
        List<Order> refused;
        synchronized (this) {
            refused = waiting.stream()
                    .filter(order -> order.key().equals(SESSION + session))
                    .toList();
            waiting.removeAll(refused);
            closes = List.copyOf(slots).stream()
                    .filter(slot -> slot.key.equals(SESSION + session))
                    .map(this::retire)
                    .toList();
        }
        closes.forEach(Runnable::run);
        refused.forEach(order -> order.promise().fail(stopped()));
        serveWaiting();
    }

    /**
     * Closes all connections, and gives up those that are being opened; calls that wait for one are refused. The pool can be used again.
     *
     * @return completes when nothing is left of any of them
     */
    public CompletionStage<Void> closeAll() {
        List<CompletionStage<?>> ends = new ArrayList<>();
        List<Bridge> bridges = new ArrayList<>();
        List<Runnable> abandons = new ArrayList<>();
        List<Order> refused;
        synchronized (this) {
            for (Slot slot : List.copyOf(slots)) {
                Runnable abandon = retire(slot);
                if (slot.bridge == null) {
                    abandons.add(abandon);
                } else {
                    bridges.add(slot.bridge);
                }
            }
            refused = List.copyOf(waiting);
            waiting.clear();
        }
        refused.forEach(order -> order.promise().fail(stopped()));
        bridges.forEach(bridge -> ends.add(bridge.closeAsync()));
        abandons.forEach(Runnable::run);
        if (!abandons.isEmpty()) {
            ends.add(SafeStages.call(part, connector::settled));
        }
        return CompletableFuture.allOf(
                ends.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    private ServerNotReadyException stopped() {
        return new ServerNotReadyException(spec.name(), ServerState.STOPPING, "it is being stopped", null);
    }

    /**
     * The connections there are, those being opened included.
     *
     * @return a count
     */
    public synchronized int size() {
        return slots.size();
    }
}
