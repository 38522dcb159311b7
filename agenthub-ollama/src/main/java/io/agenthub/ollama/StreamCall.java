package io.agenthub.ollama;

import io.agenthub.api.Scheduler;
import io.agenthub.ollama.internal.http.Exchange;
import io.agenthub.ollama.internal.http.LineSplitter;
import io.agenthub.ollama.internal.http.Request;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A request whose answer comes line by line, each handed to a listener before the next. */
final class StreamCall<T, R> extends Call<R> {
    /*
     * The event loop fills the queue and stops reading at the high mark; the drain empties it on the executor, one part at a
     * time, and has the loop look again at the low mark. Only the loop decides whether it reads, by what is queued then: what the
     * drain saw is old by the time the loop hears of it. The drain alone completes the stage, so that no part comes after it;
     * only a caller's cancel may overtake it. While the listener has not taken a part, the drain is parked: it then only looks
     * for failures.
     */
    private static final int HIGH = 64;
    private static final int LOW = 16;

    /** How long a body may go on once it has said that it is done. Its connection is not kept any longer. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Executor executor;
    private final Scheduler scheduler;
    private final LineFold<T, R> fold;
    private final StreamListener<? super T> listener;
    private final LineSplitter lines;
    private final Scheduler.Task deadline;
    private final Queue<T> parts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger wakes = new AtomicInteger();
    private Scheduler.@Nullable Task linger;
    private boolean paused;
    private volatile @Nullable R result;
    private volatile @Nullable Throwable failure;
    private volatile boolean parked;
    private volatile boolean finished;

    StreamCall(
            Executor executor,
            Scheduler scheduler,
            Request request,
            int maxAnswerBytes,
            LineFold<T, R> fold,
            StreamListener<? super T> listener) {
        super(executor, request, maxAnswerBytes);
        this.executor = executor;
        this.scheduler = scheduler;
        this.fold = fold;
        this.listener = listener;
        this.lines = new LineSplitter(maxAnswerBytes);
        // The exchange has a deadline of its own, but may be over while the listener is not.
        this.deadline = scheduler.schedule(request.timeout(), this::expire);
        whenComplete((value, cause) -> deadline.cancel());
    }

    @Override
    void body(byte[] bytes) {
        for (byte[] line : lines.split(bytes)) {
            take(line);
        }
        if (result != null && linger == null) {
            linger = scheduler.schedule(LINGER, this::giveUp);
        }
    }

    private void take(byte[] line) {
        if (result != null) {
            return;
        }
        T part = fold.line(line);
        if (part != null) {
            parts.add(part);
            queued.incrementAndGet();
            steer();
        }
        result = fold.complete();
        if (part != null || result != null) {
            wake();
        }
    }

    @Override
    void end() {
        if (linger != null) {
            linger.cancel();
        }
        byte[] last = lines.take();
        if (last.length > 0) {
            take(last);
        }
        if (result == null) {
            throw OllamaException.garbage("it ended before it was done", null);
        }
    }

    @Override
    void end(Throwable cause) {
        if (result == null) {
            failure = cause;
            wake();
        }
    }

    private void expire() {
        failure = Failures.timeout(request, true);
        wake();
        giveUp();
    }

    /** Reads on or not, by what is queued now. On the event loop. */
    private void steer() {
        Exchange exchange = exchange();
        boolean pause = queued.get() > (paused ? LOW : HIGH - 1);
        if (exchange != null && pause != paused) {
            paused = pause;
            exchange.read(!pause);
        }
    }

    private void wake() {
        if (wakes.getAndIncrement() == 0) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                fail(e);
                giveUp();
            }
        }
    }

    private void drain() {
        int seen = 1;
        do {
            step();
            seen = wakes.addAndGet(-seen);
        } while (seen != 0);
    }

    private void step() {
        while (!finished && !isDone()) {
            R whole = result;
            T part = failure == null && !parked ? parts.poll() : null;
            if (failure != null) {
                finished = true;
                fail(failure);
            } else if (part != null) {
                deliver(part);
            } else {
                if (whole != null && !parked) {
                    finished = true;
                    succeed(whole);
                }
                return;
            }
        }
    }

    private void deliver(T part) {
        Exchange exchange = exchange();
        if (queued.decrementAndGet() == LOW && exchange != null) {
            exchange.inLoop(this::steer);
        }
        try {
            CompletionStage<Void> taken = listener.next(part);
            parked = true;
            taken.whenComplete((nothing, cause) -> {
                parked = false;
                if (cause != null) {
                    refused(cause);
                }
                wake();
            });
        } catch (RuntimeException | Error e) {
            refused(e);
        }
    }

    private void refused(Throwable cause) {
        failure = cause;
        giveUp();
    }
}
