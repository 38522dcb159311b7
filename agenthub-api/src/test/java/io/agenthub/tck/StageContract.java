package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.HubThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The sentences of the stage contract, which the package documentation of {@code io.agenthub.api} numbers, as assertions. */
public final class StageContract {
    private StageContract() {}

    /**
     * 1: the hub alone completes a stage.
     *
     * @param stage a stage that has not ended
     */
    public static void assertOnlyTheHubCompletes(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertFalse(future.isDone(), "the stage has ended already, which proves nothing");
        IllegalStateException mine = new IllegalStateException("the caller's");
        assertThrows(UnsupportedOperationException.class, () -> future.complete(null));
        assertThrows(UnsupportedOperationException.class, () -> future.completeExceptionally(mine));
        assertThrows(UnsupportedOperationException.class, () -> future.obtrudeValue(null));
        assertThrows(UnsupportedOperationException.class, () -> future.obtrudeException(mine));
        assertThrows(UnsupportedOperationException.class, () -> future.completeAsync(() -> null));
        assertFalse(future.isDone(), "the caller ended the stage");
    }

    /**
     * 2: a failure arrives unwrapped at the first dependent.
     *
     * @param <X> its type
     * @param type its class
     * @param stage a stage that fails
     * @return the failure
     */
    public static <X extends AgentHubException> X assertFailsUnwrapped(Class<X> type, CompletionStage<?> stage) {
        Throwable failure = Await.failure(stage);
        assertFalse(failure instanceof CompletionException, () -> "wrapped: " + failure);
        X typed = assertInstanceOf(type, failure);
        assertNotNull(typed.getMessage());
        return typed;
    }

    /**
     * 3: a stage completes on the callback executor, or on the caller's thread when it is complete already.
     *
     * @param stage a stage made with {@link TckContext#real()}
     */
    public static void assertCompletesOnTheExecutor(CompletionStage<?> stage) {
        Thread ran = Await.outcome(Await.PATIENCE, stage).thread();
        assertTrue(
                TckContext.isCallback(ran) || ran == Thread.currentThread(),
                () -> "completed on " + ran.getName() + ", which is no callback thread");
    }

    /**
     * 4: an operation throws synchronously only for null and illegal arguments.
     *
     * @param operation the operation, with legal arguments
     * @return its stage
     * @param <T> its type
     */
    public static <T> CompletionStage<T> assertThrowsNothing(Supplier<CompletionStage<T>> operation) {
        try {
            CompletionStage<T> stage = operation.get();
            assertNotNull(stage, "returned null");
            return stage;
        } catch (RuntimeException e) {
            throw new AssertionError("threw instead of returning a failed stage", e);
        }
    }

    /**
     * 7: closing is idempotent and bounded, returns the same stage each time, and refuses to wait on a thread of the hub.
     *
     * @param closeable what is closed by this
     */
    public static void assertClosesOnce(AsyncCloseable closeable) {
        CompletionStage<Void> first = closeable.closeAsync();
        assertSame(first, closeable.closeAsync(), "a second closeAsync() returned another stage");
        assertRefusesToWaitOnHubThread(closeable);
        Await.value(first);
        assertSame(first, closeable.closeAsync(), "closeAsync() after the end returned another stage");
        closeable.close();
    }

    private static void assertRefusesToWaitOnHubThread(AsyncCloseable closeable) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new OwnThread(() -> {
            try {
                closeable.close();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        thread.start();
        try {
            thread.join(Await.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertFalse(thread.isAlive(), "close() waits on a thread of the hub");
        assertEquals(
                IllegalStateException.class,
                thrown.get() == null ? null : thrown.get().getClass(),
                "close() on a thread of the hub");
    }

    private static final class OwnThread extends Thread implements HubThread {
        OwnThread(Runnable task) {
            super(task, "tck-hub-thread");
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return true;
        }
    }
}
