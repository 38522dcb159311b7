package io.agenthub.store;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks every few milliseconds whether a query should go on, and asks the server to end it if not. Asking takes a connection of
 * its own and may block, hence a thread of its own, which is seldom needed. Thread-safe by its own lock.
 */
final class PostgresWatch implements Database.Watch {
    private static final Duration EVERY = Duration.ofMillis(20);

    private final Runnable abort;
    private final BooleanSupplier condition;
    private final Scheduler scheduler;
    private Scheduler.@Nullable Task next;
    private boolean ended;
    private boolean aborted;

    PostgresWatch(Runnable abort, BooleanSupplier condition, Scheduler scheduler) {
        this.abort = abort;
        this.condition = condition;
        this.scheduler = scheduler;
    }

    synchronized void begin() {
        next = scheduler.schedule(EVERY, this::look);
    }

    private synchronized void look() {
        if (ended) {
            return;
        }
        if (condition.getAsBoolean()) {
            aborted = true;
            new StoreThread(abort, "canceller").start();
        } else {
            begin();
        }
    }

    /** A late order to end would meet the next query, so the connection must not be used again after one. */
    @Override
    public synchronized boolean end() {
        ended = true;
        if (next != null) {
            next.cancel();
        }
        return !aborted;
    }
}
