package io.agenthub.bench.load.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** One run of load over open connections: who sends when, and when it is over. Confined to the event loop. */
abstract class Run implements LoadConnection.Driver {
    final List<LoadConnection> connections;
    final LongSupplier numbers;
    final Recorder recorder = new Recorder();
    final CompletableFuture<LoadResult> done = new CompletableFuture<>();
    private Duration span = Duration.ZERO;
    long begun;
    long until;

    Run(List<LoadConnection> connections, LongSupplier numbers) {
        this.connections = connections;
        this.numbers = numbers;
    }

    final void start(Duration length) {
        span = length;
        begun = System.nanoTime();
        until = begun + length.toNanos();
        begin();
        endIfOver();
    }

    /** Sends the first calls. */
    abstract void begin();

    /** A connection is free again. */
    abstract void free(LoadConnection connection, long now);

    /** Whether nothing more will be sent. */
    abstract boolean finished();

    final void send(LoadConnection connection, long from) {
        recorder.sent();
        connection.send(this, numbers.getAsLong(), from);
    }

    @Override
    public final void ended(LoadConnection connection, LoadConnection.End end) {
        long now = System.nanoTime();
        switch (end) {
            case ANSWERED -> recorder.answered(now - connection.started(), now <= until);
            case MISMATCH -> recorder.mismatch();
            case ERROR -> recorder.error();
        }
        if (!connection.isBroken()) {
            free(connection, now);
        }
        endIfOver();
    }

    final void endIfOver() {
        if (recorder.open() == 0 && (finished() || allBroken())) {
            finish();
        }
    }

    private boolean allBroken() {
        for (LoadConnection connection : connections) {
            if (!connection.isBroken()) {
                return false;
            }
        }
        return true;
    }

    /** Ends the run as it stands: what is still open counts as an error. */
    final void finish() {
        Duration real = span.isZero() ? Duration.ofNanos(System.nanoTime() - begun) : span;
        done.complete(recorder.result(real));
    }

    /** Each connection sends as soon as it is free, until the time is over. */
    static final class Closed extends Run {
        Closed(List<LoadConnection> connections, LongSupplier numbers) {
            super(connections, numbers);
        }

        @Override
        void begin() {
            for (LoadConnection connection : connections) {
                send(connection, System.nanoTime());
            }
        }

        @Override
        void free(LoadConnection connection, long now) {
            if (now < until) {
                send(connection, now);
            }
        }

        @Override
        boolean finished() {
            return System.nanoTime() - until >= 0;
        }
    }

    /** Each connection sends once, all together. */
    static final class Burst extends Run {
        Burst(List<LoadConnection> connections, LongSupplier numbers) {
            super(connections, numbers);
        }

        @Override
        void begin() {
            for (LoadConnection connection : connections) {
                send(connection, System.nanoTime());
            }
        }

        @Override
        void free(LoadConnection connection, long now) {
            // One call each.
        }

        @Override
        boolean finished() {
            return true;
        }
    }
}
