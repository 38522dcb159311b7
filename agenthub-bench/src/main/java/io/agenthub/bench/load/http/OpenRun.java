package io.agenthub.bench.load.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Calls are due at fixed times, whatever the answers do. A call that finds no connection free waits for one, and its latency
 * counts from the time it was due all the same.
 */
final class OpenRun extends Run {
    private final EventLoop loop;
    private final double rate;
    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private OpenSchedule schedule = new OpenSchedule(1, Duration.ZERO, 0);

    OpenRun(List<LoadConnection> connections, LongSupplier numbers, EventLoop loop, double rate) {
        super(connections, numbers);
        this.loop = loop;
        this.rate = rate;
        idle.addAll(connections);
    }

    @Override
    void begin() {
        schedule = new OpenSchedule(rate, Duration.ofNanos(until - begun), begun);
        pace();
    }

    private void pace() {
        long now = System.nanoTime();
        while (schedule.isDue(now)) {
            long due = schedule.take();
            LoadConnection connection = idle.poll();
            if (connection == null) {
                waiting.add(due);
            } else {
                recorder.late(now - due);
                send(connection, due);
            }
        }
        if (schedule.hasNext()) {
            loop.schedule(this::pace, Math.max(0, schedule.due() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } else {
            endIfOver();
        }
    }

    @Override
    void free(LoadConnection connection, long now) {
        Long due = waiting.poll();
        if (due == null) {
            idle.add(connection);
        } else {
            send(connection, due);
        }
    }

    @Override
    boolean finished() {
        return !schedule.hasNext() && waiting.isEmpty();
    }
}
