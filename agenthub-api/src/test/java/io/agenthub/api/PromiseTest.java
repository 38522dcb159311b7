package io.agenthub.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import io.agenthub.tck.StageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The future that keeps the stage contract. */
class PromiseTest {
    private final BusyException busy = new BusyException("s", "maxInFlight", 1);

    private static final class Counting extends Promise<String> {
        private final AtomicInteger cancels = new AtomicInteger();

        Counting() {
            super(Runnable::run);
        }

        @Override
        protected void onCancel() {
            cancels.incrementAndGet();
        }
    }

    private static Promise<String> open() {
        return new Promise<>(Runnable::run);
    }

    private static Throwable seen(CompletionStage<?> stage) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        stage.whenComplete((value, thrown) -> failure.set(thrown));
        return failure.get();
    }

    // Completing

    @Test
    void onlyItsMakerCompletesIt() {
        Promise<String> promise = open();
        StageContract.assertOnlyTheHubCompletes(promise);
        assertThrows(UnsupportedOperationException.class, () -> promise.completeAsync(() -> "x", Runnable::run));
        promise.succeed("kept");
        assertEquals("kept", promise.join());
    }

    @Test
    void theFirstOutcomeCounts() {
        Promise<String> promise = open();
        promise.succeed("first");
        promise.succeed("second");
        promise.fail(busy);
        assertFalse(promise.cancel(true));
        assertEquals("first", promise.join());
    }

    @Test
    void aFailureArrivesUnwrappedAtTheFirstDependentWheneverItIsAttached() {
        Promise<String> promise = open();
        AtomicReference<Throwable> before = new AtomicReference<>();
        AtomicReference<Throwable> handled = new AtomicReference<>();
        AtomicReference<Throwable> exceptionally = new AtomicReference<>();
        promise.whenComplete((value, failure) -> before.set(failure));
        promise.handle((value, failure) -> {
            handled.set(failure);
            return value;
        });
        promise.exceptionally(failure -> {
            exceptionally.set(failure);
            return "";
        });
        promise.fail(busy);
        assertSame(busy, before.get());
        assertSame(busy, handled.get());
        assertSame(busy, exceptionally.get());
        assertSame(busy, seen(promise));
        assertSame(busy, seen(Promise.failed(busy)));
    }

    @Test
    void itIsCompletedOnItsExecutor() {
        List<Runnable> queue = new ArrayList<>();
        Promise<String> promise = new Promise<>(queue::add);
        AtomicReference<String> ran = new AtomicReference<>();
        promise.thenAccept(ran::set);
        promise.succeed("x");
        assertFalse(promise.isDone());
        assertEquals(1, queue.size());
        queue.get(0).run();
        assertTrue(promise.isDone());
        assertEquals("x", ran.get());
    }

    @Test
    void anExecutorThatRefusesLosesNoOutcome() {
        for (RuntimeException refusal :
                List.of(new RejectedExecutionException("shut down"), new IllegalStateException("odd"))) {
            Promise<String> kept = new Promise<>(task -> {
                throw refusal;
            });
            kept.succeed("x");
            assertEquals("x", Await.value(kept));
        }
        Promise<String> broken = new Promise<>(task -> {
            throw new OutOfMemoryError("unable to create a thread");
        });
        broken.fail(busy);
        assertSame(busy, Await.failure(broken));
    }

    @Test
    void finishedPromisesAreFinished() {
        assertEquals("v", Promise.succeeded("v").getNow(null));
        assertTrue(Promise.done().isDone());
        assertTrue(Promise.failed(busy).isCompletedExceptionally());
    }

    // Cancelling

    @Test
    void cancellingCompletesItAndTellsItsMakerOnce() {
        Counting promise = new Counting();
        assertTrue(promise.cancel(true));
        assertTrue(promise.cancel(false), "still cancelled");
        assertTrue(promise.isCancelled());
        assertInstanceOf(CancellationException.class, seen(promise));
        assertEquals(1, promise.cancels.get());
        promise.succeed("late");
        assertThrows(CancellationException.class, promise::join);
    }

    @Test
    void cancellingAfterTheOutcomeTellsNobody() {
        Counting promise = new Counting();
        promise.succeed("x");
        assertFalse(promise.cancel(true));
        assertEquals(0, promise.cancels.get());
        Counting failed = new Counting();
        failed.fail(new CancellationException("by the maker"));
        assertTrue(failed.cancel(true), "it is in the cancelled state");
        assertEquals(0, failed.cancels.get());
    }

    @Test
    void cancellingADependentLeavesItAlone() {
        Counting promise = new Counting();
        CompletableFuture<Integer> dependent = promise.thenApply(String::length);
        assertTrue(dependent.cancel(true));
        assertFalse(promise.isDone());
        assertTrue(promise.newIncompleteFuture().complete(null), "dependents are ordinary futures");
    }

    @Test
    void aTimeoutCancelsIt() {
        Counting promise = new Counting();
        CompletableFuture<String> dependent = promise.orTimeout(1, TimeUnit.MILLISECONDS);
        assertNotSame(promise, dependent);
        assertInstanceOf(TimeoutException.class, Await.failure(dependent));
        Await.until("it is cancelled", promise::isCancelled);
        assertEquals(1, promise.cancels.get());
    }

    @Test
    void aFallbackValueCancelsIt() {
        Counting promise = new Counting();
        assertEquals("fallback", Await.value(promise.completeOnTimeout("fallback", 1, TimeUnit.MILLISECONDS)));
        Await.until("it is cancelled", promise::isCancelled);
        assertEquals(1, promise.cancels.get());
    }

    @Test
    void anOutcomeBeforeTheTimeoutIsPassedOnUnwrapped() {
        Counting kept = new Counting();
        CompletableFuture<String> value = kept.orTimeout(1, TimeUnit.HOURS);
        kept.succeed("x");
        assertEquals("x", value.join());
        Counting broken = new Counting();
        CompletableFuture<String> failure = broken.completeOnTimeout("y", 1, TimeUnit.HOURS);
        broken.fail(busy);
        assertSame(busy, seen(failure));
        assertEquals(0, kept.cancels.get() + broken.cancels.get());
    }

    // Chaining

    @Test
    void aChainAnswersWhatItsSecondOperationAnswers() {
        Promise<String> first = open();
        Promise<Integer> second = new Promise<>(Runnable::run);
        Promise<Integer> chain = Promise.chain(first, value -> second);
        first.succeed("x");
        assertFalse(chain.isDone());
        second.succeed(7);
        assertEquals(7, chain.join());
        StageContract.assertOnlyTheHubCompletes(Promise.chain(open(), value -> second));
    }

    @Test
    void aFailureOfEitherOperationArrivesUnwrapped() {
        assertSame(busy, seen(Promise.chain(Promise.failed(busy), value -> Promise.done())));
        assertSame(busy, seen(Promise.chain(Promise.done(), value -> Promise.failed(busy))));
        CompletableFuture<String> jdk = new CompletableFuture<>();
        CompletionStage<String> wrapping = jdk.thenApply(value -> value);
        Promise<String> chain = Promise.chain(wrapping, Promise::succeeded);
        jdk.completeExceptionally(busy);
        assertSame(busy, seen(chain));
    }

    @Test
    void whateverGoesWrongInBetweenFailsTheChain() {
        IllegalStateException thrown = new IllegalStateException("x");
        AssertionError error = new AssertionError("y");
        assertSame(thrown, seen(Promise.chain(Promise.done(), value -> {
            throw thrown;
        })));
        assertSame(busy, seen(Promise.chain(Promise.done(), value -> {
            throw new CompletionException(busy);
        })));
        assertSame(error, seen(Promise.chain(Promise.done(), value -> {
            throw error;
        })));
        assertInstanceOf(NullPointerException.class, seen(Promise.chain(Promise.done(), value ->
                (CompletionStage<String>) null)));
    }

    @Test
    void cancellingAChainCancelsWhatIsUnderWay() {
        Counting first = new Counting();
        AtomicInteger begun = new AtomicInteger();
        Promise<String> early = Promise.chain(first, value -> {
            begun.incrementAndGet();
            return Promise.done().thenApply(nothing -> "");
        });
        early.cancel(true);
        assertTrue(first.isCancelled());
        assertEquals(0, begun.get());
        Counting second = new Counting();
        Promise<String> late = Promise.chain(Promise.done(), value -> second);
        late.cancel(true);
        assertTrue(second.isCancelled());
    }

    // Waiting

    @Test
    void waitingIsRefusedOnAThreadThatMustNotBlock() {
        assertRefused(Promise::join);
        assertRefused(Promise::get);
        assertRefused(promise -> promise.get(1, TimeUnit.HOURS));
    }

    private interface Waiting {
        Object on(Promise<String> promise) throws Exception;
    }

    private static void assertRefused(Waiting waiting) {
        Promise<String> pending = open();
        IllegalStateException refusal =
                assertInstanceOf(IllegalStateException.class, outcome(false, () -> waiting.on(pending)));
        assertTrue(refusal.getMessage().contains("loop-thread"), refusal.getMessage());
        assertEquals("x", outcome(false, () -> waiting.on(Promise.succeeded("x"))), "the outcome is there");
        Promise<String> soon = open();
        CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(() -> soon.succeed("y"));
        assertEquals("y", outcome(true, () -> waiting.on(soon)), "a callback thread may wait");
    }

    private static Object outcome(boolean mayBlock, java.util.concurrent.Callable<?> task) {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread thread = new LoopThread(mayBlock, () -> {
            try {
                outcome.set(task.call());
            } catch (Exception e) {
                outcome.set(e);
            }
        });
        thread.start();
        Await.until(Duration.ofSeconds(20), "the thread ends", () -> !thread.isAlive());
        return outcome.get();
    }

    private static final class LoopThread extends Thread implements HubThread {
        private final boolean mayBlock;

        LoopThread(boolean mayBlock, Runnable task) {
            super(task, "loop-thread");
            this.mayBlock = mayBlock;
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return mayBlock;
        }
    }

    @Test
    void waitingElsewhereBehavesAsInTheJdk() throws Exception {
        assertEquals("x", Promise.succeeded("x").get());
        assertThrows(TimeoutException.class, () -> open().get(1, TimeUnit.MILLISECONDS));
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> Promise.failed(busy).get());
        assertSame(busy, failure.getCause());
    }
}
