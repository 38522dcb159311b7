package io.agenthub.ollama.internal.http;

import io.agenthub.api.Scheduler;
import io.agenthub.ollama.internal.http.HttpFailure.Reason;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. The public methods may be called from any thread, unless they say otherwise; everything else is
 * confined to the pool's event loop.
 */
public final class Exchange {
    /*
     *   waiting ──▶ connecting ──▶ sent ──▶ answering ──▶ done
     *      └─────────────┴───────────┴──────────┴──▶ done, by failure, deadline or cancel: closes the connection
     */

    final Request request;
    private final AnswerReader reader;
    private final EventLoop loop;
    private final Scheduler.Task deadline;

    /** The connection it waits for or uses. */
    @Nullable
    Channel channel;

    /** Whether the connection has carried another exchange before. */
    boolean reused;

    /** Whether a byte of the answer has come. */
    boolean answered;

    private boolean dispatched;
    private boolean done;

    Exchange(Request request, AnswerReader reader, EventLoop loop, Scheduler scheduler) {
        this.request = request;
        this.reader = reader;
        this.loop = loop;
        this.deadline = scheduler.schedule(
                request.timeout(),
                () -> inLoop(() -> fail(
                        Reason.TIMEOUT,
                        "no complete answer within " + request.timeout().toMillis() + " ms",
                        null)));
    }

    /** Gives up: the connection is closed, so that the server stops working for it. The reader hears nothing more. */
    public void cancel() {
        inLoop(this::finishByClosing);
    }

    /**
     * Reads from the connection or stops. What has been read already, at most 64 KiB, is still delivered. On the event loop only.
     *
     * @param on whether to read
     */
    public void read(boolean on) {
        assert loop.inEventLoop();
        if (!done && channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    /**
     * Runs a task on the event loop, at once if that is this thread; not at all if the loop has ended.
     *
     * @param task must not block
     */
    public void inLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every connection.
        }
    }

    boolean isDone() {
        return done;
    }

    /** Whether it may be sent once more: on a kept connection that turned out to be closed before the first byte of an answer. */
    boolean mayRepeat() {
        return !done && reused && !answered;
    }

    void sent() {
        dispatched = true;
    }

    void begun(int status, String contentType) {
        deliver(() -> reader.begun(status, contentType));
    }

    void received(byte[] bytes) {
        deliver(() -> reader.received(bytes));
    }

    private void deliver(Runnable delivery) {
        if (!done) {
            try {
                delivery.run();
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    /** The answer is complete; the connection is no longer this exchange's. */
    void ended() {
        if (finish()) {
            try {
                reader.ended();
            } catch (RuntimeException | Error e) {
                reader.broke(e);
            }
        }
    }

    void fail(Reason reason, String message, @Nullable Throwable cause) {
        fail(new HttpFailure(reason, message, dispatched, cause));
    }

    void fail(Throwable failure) {
        if (finishByClosing()) {
            reader.broke(failure);
        }
    }

    private boolean finishByClosing() {
        Channel used = channel;
        boolean finished = finish();
        if (finished && used != null) {
            used.close();
        }
        return finished;
    }

    private boolean finish() {
        assert loop.inEventLoop();
        if (done) {
            return false;
        }
        done = true;
        channel = null;
        deadline.cancel();
        return true;
    }
}
