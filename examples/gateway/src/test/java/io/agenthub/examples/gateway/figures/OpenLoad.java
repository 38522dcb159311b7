package io.agenthub.examples.gateway.figures;

import io.agenthub.tck.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * Clients that ask at fixed times, and the books about every call. Each client has a connection and a thread; a call that finds all of
 * them busy is sent late, and its time counts from when it was due.
 */
final class OpenLoad implements AutoCloseable {
    private static final int CLIENTS = 48;

    /**
     * What came of a run.
     *
     * @param seconds how long it ran
     * @param answering times of the answered calls
     * @param refusing times of the refused ones
     */
    record Outcome(double seconds, Timings answering, Timings refusing) {
        double goodput() {
            return answering.count() / seconds;
        }

        double rate() {
            return (answering.count() + refusing.count()) / seconds;
        }
    }

    private final List<String> servers;
    private final List<KeptConnection> connections = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger nonces = new AtomicInteger();
    private final Set<Integer> answered = new HashSet<>();
    private final List<String> surprises = new ArrayList<>();

    OpenLoad(int port, List<String> servers) throws IOException {
        this.servers = servers;
        for (int i = 0; i < CLIENTS; i++) {
            connections.add(new KeptConnection(port));
        }
    }

    /** Asks so many times a second. */
    Outcome run(double rate, Duration time) {
        AtomicInteger taken = new AtomicInteger();
        return run(CLIENTS, time, begun -> begun + (long) (taken.getAndIncrement() / rate * 1e9));
    }

    /** Has some clients ask as soon as they have their answers. */
    Outcome run(int clients, Duration time) {
        return run(clients, time, begun -> System.nanoTime());
    }

    private Outcome run(int clients, Duration time, LongUnaryOperator due) {
        Outcome outcome = new Outcome(time.toNanos() / 1e9, new Timings(), new Timings());
        AtomicInteger open = new AtomicInteger(clients);
        long begun = System.nanoTime();
        for (KeptConnection connection : connections.subList(0, clients)) {
            threads.execute(() -> {
                try {
                    for (long next = due.applyAsLong(begun);
                            next - begun < time.toNanos();
                            next = due.applyAsLong(begun)) {
                        call(connection, next, outcome);
                    }
                } catch (IOException | RuntimeException e) {
                    surprise(e.toString());
                }
                open.decrementAndGet();
            });
        }
        Await.until(time.plus(Await.PATIENCE), "every client is done", () -> open.get() == 0);
        return outcome;
    }

    private void call(KeptConnection connection, long due, Outcome outcome) throws IOException {
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
            LockSupport.parkNanos(early);
        }
        int nonce = nonces.incrementAndGet();
        String answer =
                connection.echo(servers.get(nonce % servers.size()), Integer.toString(nonce), Integer.toString(nonce));
        count(nonce, answer, connection.head(), System.nanoTime() - due, outcome);
    }

    private void count(int nonce, String answer, String head, long took, Outcome outcome) {
        boolean own = answer.contains("\"id\":" + nonce + ",");
        if (own && head.startsWith("HTTP/1.1 200 ") && answer.contains("\"message\":\"" + nonce + "\"")) {
            outcome.answering().add(took);
            answered(nonce);
        } else if (own && isRefusal(answer, head)) {
            outcome.refusing().add(took);
        } else {
            surprise(head + answer);
        }
    }

    private static boolean isRefusal(String answer, String head) {
        return head.startsWith("HTTP/1.1 429 ")
                && head.toLowerCase(Locale.ROOT).contains("\nretry-after: ")
                && answer.contains("\"kind\":\"BUSY\"")
                && answer.contains("\"dispatched\":false");
    }

    private synchronized void answered(int nonce) {
        answered.add(nonce);
    }

    private synchronized void surprise(String what) {
        surprises.add(what);
    }

    synchronized Set<Integer> answered() {
        return Set.copyOf(answered);
    }

    synchronized List<String> surprises() {
        return List.copyOf(surprises);
    }

    @Override
    public void close() throws IOException {
        threads.shutdown();
        for (KeptConnection connection : connections) {
            connection.close();
        }
    }
}
