package io.agenthub.core.internal.enhance;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.Enhancement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One load, and everybody who waits for it. Thread-safe; no lock is held while anything foreign runs.
 *
 * <p>Over when the load has ended, or when the last who waited has left; nobody can join then.
 */
final class Flight {
    private final Consumer<Enhancement> keeper;
    private final CacheCounters counters;
    private final List<Waiter> waiters = new ArrayList<>();
    private Runnable whenOver = () -> {};
    private @Nullable CompletionStage<Enhancement> load;
    private boolean over;
    private boolean forgotten;

    Flight(Consumer<Enhancement> keeper, CacheCounters counters) {
        this.keeper = keeper;
        this.counters = counters;
    }

    /** What to do once nobody can join any more; set before the load begins. */
    void whenOver(Runnable task) {
        whenOver = task;
    }

    /** A stage of the caller's own; null if the flight is over. */
    synchronized @Nullable CompletionStage<Enhancement> join(Executor executor) {
        if (over) {
            return null;
        }
        Waiter waiter = new Waiter(executor);
        waiters.add(waiter);
        return waiter;
    }

    /** Lets the load bring its answer to those who wait, but not into the cache. */
    synchronized void forget() {
        forgotten = true;
    }

    void load(Supplier<CompletionStage<Enhancement>> loader) {
        CompletionStage<Enhancement> begun;
        try {
            begun = Objects.requireNonNull(loader.get(), "the loader returned null");
        } catch (RuntimeException | Error e) {
            ended(null, e);
            return;
        }
        boolean abandoned;
        synchronized (this) {
            load = begun;
            abandoned = over;
        }
        begun.whenComplete(this::ended);
        if (abandoned) {
            begun.toCompletableFuture().cancel(true);
        }
    }

    /** Tells those who wait what need not be loaded, nor kept once more. */
    void bring(Enhancement known) {
        forget();
        end(known, null);
    }

    private void ended(@Nullable Enhancement enhancement, @Nullable Throwable failure) {
        (failure == null ? counters.loads : counters.loadFailures).increment();
        end(enhancement, failure);
    }

    private void end(@Nullable Enhancement enhancement, @Nullable Throwable failure) {
        List<Waiter> told = close(enhancement);
        whenOver.run();
        told.forEach(waiter -> waiter.tell(enhancement, failure));
    }

    /** Keeps first, so that whoever comes too late to join finds it; under the lock, so that nothing forgotten is kept. */
    private synchronized List<Waiter> close(@Nullable Enhancement enhancement) {
        if (enhancement != null && !forgotten) {
            keeper.accept(enhancement);
        }
        over = true;
        List<Waiter> told = List.copyOf(waiters);
        waiters.clear();
        return told;
    }

    private void leave(Waiter waiter) {
        CompletionStage<Enhancement> abandoned;
        synchronized (this) {
            if (!waiters.remove(waiter) || !waiters.isEmpty()) {
                return;
            }
            over = true;
            abandoned = load;
        }
        whenOver.run();
        if (abandoned != null) {
            abandoned.toCompletableFuture().cancel(true);
        }
    }

    /** One who waits. */
    private final class Waiter extends Promise<Enhancement> {
        Waiter(Executor executor) {
            super(executor);
        }

        @Override
        protected void onCancel() {
            leave(this);
        }

        void tell(@Nullable Enhancement enhancement, @Nullable Throwable failure) {
            if (enhancement != null) {
                succeed(enhancement);
            } else {
                fail(unwrapped(failure));
            }
        }
    }

    private static Throwable unwrapped(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new NullPointerException("the load brought nothing") : failure;
    }
}
