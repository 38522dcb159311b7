package io.agenthub.tck;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits for something to become true, and fails the test if it does not in time. */
public final class Await {
    /** How long the methods without a duration wait: generous, since a loaded machine is no failure. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = 200_000;

    private Await() {}

    /**
     * Waits until a condition holds, up to {@link #PATIENCE}.
     *
     * @param what the condition in words, for the failure message
     * @param condition asked again and again on this thread
     */
    public static void until(String what, BooleanSupplier condition) {
        until(PATIENCE, what, condition);
    }

    /**
     * Waits until a condition holds.
     *
     * @param patience how long at most
     * @param what the condition in words, for the failure message
     * @param condition asked again and again on this thread
     */
    public static void until(Duration patience, String what, BooleanSupplier condition) {
        if (!holdsWithin(patience, condition)) {
            throw new AssertionError("not within " + patience.toMillis() + " ms: " + what);
        }
    }

    /**
     * Watches a condition that must not become true. Takes the whole time if all is well, so keep it short.
     *
     * @param watch how long to watch
     * @param what what must not happen, in words
     * @param condition asked again and again on this thread
     */
    public static void never(Duration watch, String what, BooleanSupplier condition) {
        if (holdsWithin(watch, condition)) {
            throw new AssertionError("happened although it must not: " + what);
        }
    }

    private static boolean holdsWithin(Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /**
     * Waits for a stage to complete normally.
     *
     * @param <T> its type
     * @param stage the stage
     * @return its value
     */
    public static <T extends @Nullable Object> T value(CompletionStage<T> stage) {
        Outcome<T> outcome = outcome(PATIENCE, stage);
        if (outcome.failure() instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (outcome.failure() != null) {
            throw new AssertionError("the stage failed", outcome.failure());
        }
        return outcome.value();
    }

    /**
     * Waits for a stage to fail.
     *
     * @param stage the stage
     * @return the failure exactly as its first dependent sees it
     */
    public static Throwable failure(CompletionStage<?> stage) {
        Outcome<?> outcome = outcome(PATIENCE, stage);
        if (outcome.failure() == null) {
            throw new AssertionError("the stage completed normally, with " + outcome.value());
        }
        return outcome.failure();
    }

    /**
     * Waits for a stage to fail with a certain type.
     *
     * @param <X> the type
     * @param type its class
     * @param stage the stage
     * @return the failure exactly as its first dependent sees it
     */
    public static <X extends Throwable> X failure(Class<X> type, CompletionStage<?> stage) {
        Throwable failure = failure(stage);
        if (!type.isInstance(failure)) {
            throw new AssertionError("failed with " + failure + ", expected " + type.getSimpleName(), failure);
        }
        return type.cast(failure);
    }

    /**
     * Waits for a stage to end, either way.
     *
     * @param <T> its type
     * @param patience how long at most
     * @param stage the stage
     * @return how it ended, and on which thread
     */
    public static <T extends @Nullable Object> Outcome<T> outcome(Duration patience, CompletionStage<T> stage) {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Outcome<T>> outcome = new AtomicReference<>();
        stage.whenComplete((value, failure) -> {
            outcome.set(new Outcome<>(value, failure, Thread.currentThread()));
            ended.countDown();
        });
        try {
            if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the stage did not end within " + patience.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a stage", e);
        }
        return outcome.get();
    }

    /**
     * How a stage ended.
     *
     * @param <T> its type
     * @param value its value, if it completed normally
     * @param failure its failure, if it failed
     * @param thread where its dependents ran
     */
    public record Outcome<T extends @Nullable Object>(
            T value, @Nullable Throwable failure, Thread thread) {}
}
