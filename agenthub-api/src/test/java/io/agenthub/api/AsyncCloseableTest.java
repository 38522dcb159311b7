package io.agenthub.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.agenthub.tck.StageContract;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AsyncCloseableTest {

    private record Closing(CompletionStage<Void> closeAsync) implements AsyncCloseable {}

    @Test
    void closeWaitsForTheStage() {
        Promise<Void> closed = new Promise<>(Runnable::run);
        CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(closed::succeed);
        new Closing(closed).close();
        assertEquals(true, closed.isDone());
    }

    @Test
    void closeThrowsWhatWentWrongUnwrapped() {
        BusyException busy = new BusyException(null, "x", 1);
        assertSame(busy, assertThrows(BusyException.class, () -> new Closing(Promise.failed(busy)).close()));
        Exception checked = new Exception("checked");
        CompletionException wrapped =
                assertThrows(CompletionException.class, () -> new Closing(Promise.failed(checked)).close());
        assertSame(checked, wrapped.getCause());
    }

    @Test
    void closeRefusesToRunOnAThreadOfTheHub() {
        StageContract.assertClosesOnce(new Closing(Promise.done()));
    }
}
