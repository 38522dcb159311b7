package io.agenthub.mcp.internal.transport;

import io.agenthub.tck.Await;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A child as a test sees it: everything it says is written down, everything said to it goes through its loop. */
class RecordingPipes implements PipeListener {
    private final EventLoop loop;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private StdioPipes pipes;
    final AtomicLong progress = new AtomicLong();
    final AtomicLong errors = new AtomicLong();
    final AtomicInteger drains = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();
    volatile boolean outputEnded;
    volatile boolean errorEnded;
    volatile IOException inputFailure;

    RecordingPipes(EventLoop loop) {
        this.loop = loop;
    }

    void begin(StdioPipes started) {
        pipes = started;
        run(StdioPipes::begin);
    }

    Process process() {
        return pipes.process();
    }

    void run(Consumer<StdioPipes> action) {
        loop.submit(() -> action.accept(pipes)).syncUninterruptibly();
    }

    /** Writes in pieces, each when the one before is gone. */
    void writeAll(byte[] bytes, int piece) {
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuffer next = ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
            int before = drains.get();
            boolean[] taken = new boolean[1];
            run(started -> taken[0] = started.write(next));
            if (!taken[0]) {
                Await.until("the pipe is drained", () -> drains.get() > before);
            }
        }
    }

    @Override
    public void output(byte[] chunk, int from, int to) {
        synchronized (output) {
            output.write(chunk, from, to - from);
        }
        Arrays.fill(chunk, from, to, (byte) '!');
    }

    @Override
    public void outputEnded() {
        outputEnded = true;
    }

    @Override
    public void errorOutput(byte[] chunk, int from, int to) {
        errors.addAndGet(to - from);
    }

    @Override
    public void errorEnded() {
        errorEnded = true;
    }

    @Override
    public void progressed(int bytes) {
        progress.addAndGet(bytes);
    }

    @Override
    public void drained() {
        drains.incrementAndGet();
    }

    @Override
    public void inputFailed(IOException cause) {
        failures.incrementAndGet();
        inputFailure = cause;
    }

    int size() {
        synchronized (output) {
            return output.size();
        }
    }

    byte[] bytes() {
        synchronized (output) {
            return output.toByteArray();
        }
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
