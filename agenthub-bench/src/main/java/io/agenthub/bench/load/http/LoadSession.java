package io.agenthub.bench.load.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Open connections to one route, over which several runs may go one after the other. For one thread at a time. */
public final class LoadSession implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final LoadGenerator generator;
    private final List<LoadConnection> connections;

    LoadSession(LoadGenerator generator, List<LoadConnection> connections) {
        this.generator = generator;
        this.connections = connections;
    }

    /**
     * Closed loop: each connection has one call under way all the time.
     *
     * @param span how long new calls are sent
     * @return what was seen
     */
    public LoadResult closedLoop(Duration span) {
        return run(new Run.Closed(connections, generator::nextNumber), span);
    }

    /**
     * Open loop: calls are due at an even rate. With as many connections as calls may be under way at once.
     *
     * @param rate calls per second
     * @param span how long calls become due
     * @return what was seen
     */
    public LoadResult openLoop(double rate, Duration span) {
        return run(new OpenRun(connections, generator::nextNumber, generator.loop(), rate), span);
    }

    /**
     * One call on each connection, all at once.
     *
     * @return what was seen
     */
    public LoadResult burst() {
        return run(new Run.Burst(connections, generator::nextNumber), Duration.ZERO);
    }

    private LoadResult run(Run run, Duration span) {
        generator.loop().execute(() -> run.start(span));
        try {
            return run.done.get(span.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            generator.loop().execute(run::finish);
            return run.done.join();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        generator.loop().execute(() -> connections.forEach(LoadConnection::close));
    }
}
