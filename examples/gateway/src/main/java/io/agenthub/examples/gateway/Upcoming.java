package io.agenthub.examples.gateway;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Something that another thread makes while this one goes on: most of a start is the loading of classes, which takes no turns.
 *
 * @param <T> what is made
 */
final class Upcoming<T> {
    private final FutureTask<T> made;

    private Upcoming(Supplier<T> maker) {
        this.made = new FutureTask<>(maker::get);
    }

    /** Begins to make something. */
    static <T> Upcoming<T> of(Supplier<T> maker) {
        Upcoming<T> upcoming = new Upcoming<>(maker);
        Thread thread = new Thread(upcoming.made, "agenthub-start");
        thread.setDaemon(true);
        thread.start();
        return upcoming;
    }

    /** Waits for it, also if interrupted. What went wrong while it was made is thrown, each time. */
    T get() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return made.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
