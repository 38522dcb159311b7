package io.agenthub.core.internal.hub;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.ToolFinding;
import io.agenthub.core.internal.concurrent.SerialExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events to the listeners of one hub, in order and off the threads they happen on. Thread-safe. */
final class Events implements HubListener {
    private static final Logger log = LoggerFactory.getLogger(Events.class);
    private static final int CAPACITY = 10_000;

    private final List<HubListener> listeners;
    private final SerialExecutor queue;
    private volatile boolean recordsHeard;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder threw = new LongAdder();

    Events(List<HubListener> listeners, Executor executor) {
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.queue = new SerialExecutor(executor, CAPACITY, threw::increment);
        this.recordsHeard = listeners.stream().anyMatch(Events::hearsRecords);
    }

    /** Whether any listener does something with the record of a call; it is the one event that every call has. */
    boolean areRecordsHeard() {
        return recordsHeard;
    }

    Hub.Registration add(HubListener listener) {
        change(() -> listeners.add(listener));
        return () -> change(() -> listeners.remove(listener));
    }

    private synchronized void change(Runnable change) {
        change.run();
        recordsHeard = listeners.stream().anyMatch(Events::hearsRecords);
    }

    /** Whether it has a method of its own for records, not just the empty one of the interface. */
    private static boolean hearsRecords(HubListener listener) {
        try {
            return listener.getClass().getMethod("recorded", Activity.class).getDeclaringClass() != HubListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every listener has the method", e);
        }
    }

    @Override
    public void serverChanged(ServerStatus before, ServerStatus after) {
        tell(listener -> listener.serverChanged(before, after));
    }

    @Override
    public void breakerChanged(String server, BreakerState before, BreakerState after) {
        tell(listener -> listener.breakerChanged(server, before, after));
    }

    @Override
    public void notified(String server, RpcNotification notification) {
        tell(listener -> listener.notified(server, notification));
    }

    @Override
    public void alertRaised(Alert alert) {
        tell(listener -> listener.alertRaised(alert));
    }

    @Override
    public void alertCleared(Alert alert) {
        tell(listener -> listener.alertCleared(alert));
    }

    @Override
    public void toolFound(String server, ToolFinding finding) {
        tell(listener -> listener.toolFound(server, finding));
    }

    @Override
    public void recorded(Activity activity) {
        if (recordsHeard) {
            tell(listener -> listener.recorded(activity));
        }
    }

    /** Events at which a listener threw. */
    long threw() {
        return threw.sum();
    }

    /** Events that found the queue full. */
    long dropped() {
        return dropped.sum();
    }

    private void tell(Consumer<HubListener> event) {
        if (listeners.isEmpty()) {
            return;
        }
        boolean queued = queue.offer(() -> {
            for (HubListener listener : listeners) {
                try {
                    event.accept(listener);
                } catch (RuntimeException | Error e) {
                    threw.increment();
                    log.atWarn().setCause(e).log("A hub listener threw; it is ignored");
                }
            }
        });
        if (!queued) {
            dropped.increment();
        }
    }
}
