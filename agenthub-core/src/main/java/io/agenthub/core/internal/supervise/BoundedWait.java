package io.agenthub.core.internal.supervise;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Goes on, on the control thread, when a stage completes, however it does, or when it takes longer than it may. Confined to the
 * control thread.
 */
final class BoundedWait {
    private final Scheduler scheduler;
    private final Duration limit;
    private final Runnable then;
    private boolean over;

    BoundedWait(Scheduler scheduler, Duration limit, Runnable then) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.then = then;
    }

    void on(CompletionStage<?> stage) {
        Scheduler.Task guard = scheduler.schedule(limit, this::end);
        stage.whenComplete((value, failure) -> scheduler.schedule(Duration.ZERO, () -> {
            guard.cancel();
            end();
        }));
    }

    private void end() {
        if (!over) {
            over = true;
            then.run();
        }
    }
}
