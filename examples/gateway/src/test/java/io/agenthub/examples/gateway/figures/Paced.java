package io.agenthub.examples.gateway.figures;

import io.agenthub.api.hub.Hub;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls to healthy servers at an even rate below what the machine can do, so that only disturbance slows them. */
final class Paced {
    /**
     * What came of it.
     *
     * @param seconds how long it ran
     * @param answered calls answered rightly
     * @param failed calls that ended otherwise
     * @param timings of the answered ones
     */
    record Outcome(double seconds, int answered, int failed, Timings timings) {
        double rate() {
            return answered / seconds;
        }
    }

    private final Hub hub;
    private final List<String> servers;
    private final Duration pause;

    /** One call to each server after each pause. */
    Paced(Hub hub, List<String> servers, Duration pause) {
        this.hub = hub;
        this.servers = servers;
        this.pause = pause;
    }

    Outcome run(Duration time) {
        Timings timings = new Timings();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger open = new AtomicInteger();
        AtomicInteger ticks = new AtomicInteger();
        long wanted = time.dividedBy(pause);
        AtomicInteger nonces = new AtomicInteger();
        ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
        long begun = System.nanoTime();
        pacer.scheduleAtFixedRate(
                () -> {
                    if (ticks.getAndIncrement() >= wanted) {
                        return;
                    }
                    for (String server : servers) {
                        open.incrementAndGet();
                        call(server, Integer.toString(nonces.incrementAndGet()), timings, failed, open);
                    }
                },
                0,
                pause.toNanos(),
                TimeUnit.NANOSECONDS);
        Await.until(time.multipliedBy(2).plus(Await.PATIENCE), "every call is sent", () -> ticks.get() >= wanted);
        pacer.shutdown();
        Await.until("the pacer has ended", pacer::isTerminated);
        Await.until("every call has ended", () -> open.get() == 0);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Outcome(seconds, timings.count(), failed.get(), timings);
    }

    private void call(String server, String nonce, Timings timings, AtomicInteger failed, AtomicInteger open) {
        long begun = System.nanoTime();
        hub.server(server).callTool("echo", Map.of("message", nonce)).whenComplete((result, failure) -> {
            if (failure == null && result.text().equals(nonce)) {
                timings.add(System.nanoTime() - begun);
            } else {
                failed.incrementAndGet();
            }
            open.decrementAndGet();
        });
    }
}
