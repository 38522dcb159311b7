package io.agenthub.api;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future behind every stage of the hub: its maker completes it with {@link #succeed} and {@link #fail}, its receiver
 * can only read or cancel it.
 *
 * <p>Providers of parts use it to keep the stage contract (see the package documentation) without writing it again. Hand
 * it out as {@link java.util.concurrent.CompletionStage}.
 *
 * <p>Thread-safe. Dependent stages are ordinary {@link CompletableFuture}s, which their creator may complete; cancelling a
 * dependent does not cancel this one, as in the JDK.
 *
 * @param <T> what the operation answers
 */
public class Promise<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Executor executor;

    /**
     * Creates an open promise.
     *
     * @param executor completes the stage and so runs its dependents; {@code Runnable::run} completes it on whatever
     *     thread the outcome arrives
     */
    public Promise(Executor executor) {
        this.executor = executor;
    }

    /**
     * A promise that is kept already.
     *
     * @param <T> the type of the value
     * @param value the outcome
     * @return a completed stage
     */
    public static <T extends @Nullable Object> Promise<T> succeeded(T value) {
        Promise<T> promise = new Promise<>(Runnable::run);
        promise.succeed(value);
        return promise;
    }

    /**
     * A promise of nothing that is kept already.
     *
     * @return a completed stage
     */
    public static Promise<Void> done() {
        Promise<Void> promise = new Promise<>(Runnable::run);
        promise.succeed();
        return promise;
    }

    /**
     * A promise that is broken already.
     *
     * @param <T> the type of the value that will never come
     * @param cause the failure
     * @return a failed stage
     */
    public static <T extends @Nullable Object> Promise<T> failed(Throwable cause) {
        Promise<T> promise = new Promise<>(Runnable::run);
        promise.fail(cause);
        return promise;
    }

    /**
     * Keeps the promise, on its executor. Without effect if it is complete already.
     *
     * @param value the outcome
     */
    public final void succeed(T value) {
        dispatch(() -> super.complete(value));
    }

    /** Keeps a promise of nothing, a {@code Promise<Void>}, on its executor. Without effect if it is complete already. */
    @SuppressWarnings("NullAway") // null is the only value of Void
    public final void succeed() {
        dispatch(() -> super.complete(null));
    }

    /**
     * Breaks the promise, on its executor. Without effect if it is complete already.
     *
     * @param cause the failure, delivered as it is
     */
    public final void fail(Throwable cause) {
        dispatch(() -> super.completeExceptionally(cause));
    }

    private void dispatch(Runnable completion) {
        try {
            executor.execute(completion);
        } catch (RuntimeException | Error refusal) {
            // An embedder's executor that was shut down or is out of threads must not lose an answer.
            runSomewhere(completion);
        }
    }

    private static void runSomewhere(Runnable completion) {
        try {
            Thread last = new Thread(completion, "agenthub-callback-rejected");
            last.setDaemon(true);
            last.start();
        } catch (OutOfMemoryError noThread) {
            completion.run();
        }
    }

    /**
     * Goes on with another operation once one has succeeded, keeping the stage contract where {@code thenCompose} would not: a
     * failure of either arrives unwrapped, and cancelling the result cancels whichever of the two is under way.
     *
     * @param <T> what the first answers
     * @param <R> what the second answers
     * @param first the first operation
     * @param next begins the second, on the thread that completes the first; what it throws fails the result, and so does null
     * @return the outcome of the second, completed on the thread that completes it
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Promise<R> chain(
            CompletionStage<T> first, Function<? super T, ? extends CompletionStage<R>> next) {
        Chain<R> chain = new Chain<>(first);
        first.whenComplete((value, failure) -> {
            if (failure == null) {
                chain.follow(() -> next.apply(value));
            } else {
                chain.fail(unwrapped(failure));
            }
        });
        return chain;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static final class Chain<R extends @Nullable Object> extends Promise<R> {
        private volatile CompletionStage<?> underWay;

        Chain(CompletionStage<?> first) {
            super(Runnable::run);
            underWay = first;
        }

        void follow(Supplier<? extends CompletionStage<R>> next) {
            if (isDone()) {
                return;
            }
            CompletionStage<R> second;
            try {
                second = Objects.requireNonNull(next.get(), "the next operation is null");
            } catch (RuntimeException | Error e) {
                fail(unwrapped(e));
                return;
            }
            underWay = second;
            second.whenComplete((value, failure) -> {
                if (failure == null) {
                    succeed(value);
                } else {
                    fail(unwrapped(failure));
                }
            });
            if (isCancelled()) {
                onCancel();
            }
        }

        @Override
        protected void onCancel() {
            underWay.toCompletableFuture().cancel(true);
        }
    }

    /**
     * Runs once, on the cancelling thread, when the receiver cancelled and thereby completed this promise. Must not block
     * or throw. The default does nothing.
     */
    protected void onCancel() {}

    @Override
    public final boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.completeExceptionally(new CancellationException("cancelled by the caller"));
        if (cancelled) {
            onCancel();
        }
        return cancelled || isCancelled();
    }

    @Override
    public final boolean complete(T value) {
        throw readOnly();
    }

    @Override
    public final boolean completeExceptionally(Throwable ex) {
        throw readOnly();
    }

    @Override
    public final void obtrudeValue(T value) {
        throw readOnly();
    }

    @Override
    public final void obtrudeException(Throwable ex) {
        throw readOnly();
    }

    @Override
    public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor ignored) {
        throw readOnly();
    }

    @Override
    public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("only the hub completes this stage; cancel it to give up");
    }

    /** A dependent that times out; when it does, this promise is cancelled. */
    @Override
    public final CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return cancelUpwards(new CompletableFuture<T>().orTimeout(timeout, unit));
    }

    /** A dependent that falls back to a value; when it does, this promise is cancelled. */
    @Override
    public final CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return cancelUpwards(new CompletableFuture<T>().completeOnTimeout(value, timeout, unit));
    }

    private CompletableFuture<T> cancelUpwards(CompletableFuture<T> dependent) {
        whenComplete((value, failure) -> {
            if (failure == null) {
                dependent.complete(value);
            } else {
                dependent.completeExceptionally(failure);
            }
        });
        dependent.whenComplete((value, failure) -> {
            if (!isDone()) {
                cancel(true);
            }
        });
        return dependent;
    }

    @Override
    public final <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /**
     * Waits for the outcome.
     *
     * @throws IllegalStateException on a {@link HubThread} that must not block, unless the outcome is there
     */
    @Override
    public final T join() {
        refuseToBlock();
        return super.join();
    }

    /**
     * Waits for the outcome.
     *
     * @throws IllegalStateException on a {@link HubThread} that must not block, unless the outcome is there
     */
    @Override
    public final T get() throws InterruptedException, ExecutionException {
        refuseToBlock();
        return super.get();
    }

    /**
     * Waits for the outcome for a bounded time.
     *
     * @throws IllegalStateException on a {@link HubThread} that must not block, unless the outcome is there
     */
    @Override
    public final T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseToBlock();
        return super.get(timeout, unit);
    }

    private void refuseToBlock() {
        if (!isDone() && Thread.currentThread() instanceof HubThread thread && !thread.mayBlock()) {
            throw new IllegalStateException(
                    "waiting on " + Thread.currentThread().getName()
                            + " would stall the hub; chain with thenApply or whenComplete instead");
        }
    }
}
