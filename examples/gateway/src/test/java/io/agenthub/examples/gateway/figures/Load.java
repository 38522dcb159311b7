package io.agenthub.examples.gateway.figures;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.ToolResult;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Clients that call servers one call after the other, and the books about every call. Thread-safe. */
final class Load {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long LATEST = TIMEOUT.toNanos() + TimeUnit.MILLISECONDS.toNanos(250);
    private static final Set<ErrorKind> EXPECTED =
            EnumSet.of(ErrorKind.CHILD_EXITED, ErrorKind.NOT_READY, ErrorKind.SPAWN_FAILED);

    private final Hub hub;
    private final KillsUnderLoadTest.Victim[] victims;
    private final int clients;
    private final int thinkMillis;
    private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final BitSet ended = new BitSet();
    private final BitSet answered = new BitSet();
    private final BitSet undispatched = new BitSet();
    private final List<String> surprises = new ArrayList<>();
    private int failedSent;
    private int doubled;
    private int crossed;
    private int late;
    private volatile boolean stopped;

    Load(Hub hub, KillsUnderLoadTest.Victim[] victims, int clients, int thinkMillis) {
        this.hub = hub;
        this.victims = victims;
        this.clients = clients;
        this.thinkMillis = thinkMillis;
    }

    void start() {
        for (int i = 0; i < clients; i++) {
            int client = i;
            open.incrementAndGet();
            pacer.execute(() -> call(client));
        }
    }

    /** Ends the clients, each after the end of its call. */
    void stop() {
        stopped = true;
        Await.until("every client had the end of its call", () -> open.get() == 0);
        pacer.shutdown();
    }

    private void call(int client) {
        if (stopped) {
            open.decrementAndGet();
            return;
        }
        int nonce = next.getAndIncrement();
        KillsUnderLoadTest.Victim victim = victims[client % victims.length];
        long begun = System.nanoTime();
        hub.server(victim.name)
                .callTool("echo", Map.of("message", Integer.toString(nonce)), CallOptions.DEFAULT.withTimeout(TIMEOUT))
                .whenComplete((result, failure) -> {
                    long now = System.nanoTime();
                    end(victim, nonce, begun, now, result, failure);
                    // A caller that is refused comes again soon, as callers do.
                    pacer.schedule(
                            () -> call(client),
                            failure == null ? thinkMillis : Math.max(5, thinkMillis),
                            TimeUnit.MILLISECONDS);
                });
    }

    private synchronized void end(
            KillsUnderLoadTest.Victim victim,
            int nonce,
            long begun,
            long now,
            @Nullable ToolResult result,
            @Nullable Throwable failure) {
        doubled += ended.get(nonce) ? 1 : 0;
        ended.set(nonce);
        late += now - begun > LATEST ? 1 : 0;
        if (result != null) {
            answered.set(nonce);
            crossed += result.text().equals(Integer.toString(nonce)) ? 0 : 1;
            victim.answered();
        } else if (failure instanceof AgentHubException typed && EXPECTED.contains(typed.kind())) {
            if (typed.dispatched()) {
                failedSent++;
                victim.failed(begun, now);
            } else {
                undispatched.set(nonce);
            }
        } else {
            surprises.add(String.valueOf(failure));
        }
    }

    int calls() {
        return next.get();
    }

    synchronized int lost() {
        return next.get() - ended.cardinality();
    }

    synchronized int doubled() {
        return doubled;
    }

    synchronized int crossed() {
        return crossed;
    }

    synchronized int late() {
        return late;
    }

    synchronized int failedSent() {
        return failedSent;
    }

    synchronized BitSet answered() {
        return (BitSet) answered.clone();
    }

    synchronized BitSet undispatched() {
        return (BitSet) undispatched.clone();
    }

    synchronized List<String> surprises() {
        return List.copyOf(surprises);
    }
}
