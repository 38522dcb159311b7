package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figure 3: the gateway application ends, by SIGKILL and by SIGTERM, under load. Its servers are trees of three processes that
 * were forked twice and ignore SIGTERM and the end of their input. {@code -Dfigures.deaths=500} of each kind is the full size, 3
 * the usual one.
 */
@Tag("figure")
@Tag("patient")
@EnabledOnOs(OS.LINUX)
class NothingOutlivesTest {
    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TERM_BOUND = Duration.ofSeconds(17);

    @TempDir
    Path folder;

    private final Timings outlived = new Timings();
    private final Timings ended = new Timings();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private int port;

    @Test
    @Timeout(36_000)
    void nothingOutlivesAKilledGateway() throws Exception {
        int deaths = Figure.size("deaths", 3);
        for (int i = 0; i < deaths; i++) {
            round(gateway -> {
                gateway.process().destroyForcibly();
                outlived.add(gateway.outlived(PATIENCE).toNanos());
            });
        }
        new Figure("3 (nothing outlives us, SIGKILL)")
                .with("%d kills of a gateway with %d processes", deaths, GatewayProcess.SERVERS * GatewayProcess.TREE)
                .with("%d calls answered", answered.get())
                .with("the last one is gone after %s", outlived)
                .target(outlived.max() <= 2_000, "0 alive after 2 s")
                .target(outlived.p99() <= 300, "p99 of target 300 ms")
                .print();
        assertEquals(deaths, outlived.count());
        assertTrue(answered.get() > 0, "there was load");
    }

    @Test
    @Timeout(36_000)
    void sigtermEndsInOrderAndInTime() throws Exception {
        int deaths = Figure.size("deaths", 3);
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < deaths; i++) {
            round(gateway -> {
                long begun = System.nanoTime();
                gateway.process().destroy();
                assertTrue(gateway.process().waitFor(60, TimeUnit.SECONDS), "the gateway ends on SIGTERM");
                ended.add(System.nanoTime() - begun);
                codes.add(gateway.process().exitValue());
                outlived.add(gateway.outlived(PATIENCE).toNanos());
            });
        }
        new Figure("3 (nothing outlives us, SIGTERM)")
                .with(
                        "%d times SIGTERM, exit codes %s",
                        deaths, codes.stream().distinct().toList())
                .with("exit after %s", ended)
                .target(ended.max() <= TERM_BOUND.toMillis(), "target drain + 7 s")
                .with("%d calls answered", answered.get())
                .target(unanswered.get() == 0, "%d unanswered", unanswered.get())
                .target(outlived.max() <= 2_000, "the last one is gone %s later", outlived)
                .print();
        assertTrue(codes.stream().allMatch(code -> code == 0), () -> "exit codes " + codes);
        assertEquals(0, unanswered.get(), "calls sent before SIGTERM and not answered");
        assertTrue(ended.max() <= 2 * TERM_BOUND.toMillis(), () -> "exit after " + ended);
    }

    /** One life: on the port of the one before, so that each round shows that the port can be bound again. */
    private void round(Death death) throws Exception {
        GatewayProcess gateway = new GatewayProcess(folder, new Stub(folder), port);
        try {
            port = gateway.boundPort();
            AtomicBoolean dying = new AtomicBoolean();
            AtomicInteger busy = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(new Thread(() -> client(client, dying, busy), "client-" + i));
            }
            clients.forEach(Thread::start);
            Await.until("every client is served", () -> busy.get() >= CLIENTS);
            dying.set(true);
            death.happen(gateway);
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            gateway.clear();
        }
    }

    /** Calls until the connection ends. A call that was sent before the gateway was told to end must be answered. */
    private void client(int client, AtomicBoolean dying, AtomicInteger busy) {
        boolean owed = true;
        try (KeptConnection connection = new KeptConnection(port)) {
            for (int i = 0; owed; i++) {
                connection.send("s" + client % GatewayProcess.SERVERS, Integer.toString(i), "hello");
                owed = !dying.get();
                String answer = connection.receive();
                answered.incrementAndGet();
                if (owed && !answer.contains("\"id\":" + i + ",")) {
                    throw new IOException("answered " + answer);
                }
                if (i == 0) {
                    busy.incrementAndGet();
                }
            }
        } catch (IOException e) {
            if (owed) {
                unanswered.incrementAndGet();
            }
        }
    }

    /** How a gateway ends. */
    @FunctionalInterface
    private interface Death {
        void happen(GatewayProcess gateway) throws Exception;
    }
}
