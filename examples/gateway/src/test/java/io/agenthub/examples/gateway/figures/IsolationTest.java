package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.hub.Hub;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figure 7: 64 clients that all use the same ids, over one child, through the gateway's socket. Each gets its own answers.
 * {@code -Dfigures.calls=5000000} is the full size.
 */
@Tag("figure")
class IsolationTest {
    private static final int CLIENTS = 64;
    private static final List<String> IDS = List.of("1", "\"1\"", "0", "123456789012345678901234567890");

    @TempDir
    Path folder;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger misrouted = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();
    private final Timings timings = new Timings();

    @Test
    @Timeout(7_200)
    void clientsWithOneIdGetTheirOwnAnswers() throws InterruptedException {
        int calls = Figure.size("calls", 20_000);
        int each = Math.max(1, calls / CLIENTS);
        HubResources resources = HubResources.create();
        Hub hub = AgentHub.builder()
                .resources(resources)
                .server(new Stub(folder).server("echo").build())
                .build();
        Await.value(hub.start());
        Await.value(hub.server("echo").start());
        Gateway gateway = Gateway.builder(hub, resources)
                .config(GatewayConfig.builder().port(0).build())
                .build();
        int port = Await.value(gateway.start()).getPort();
        long begun = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(new Thread(() -> client(port, client, each), "client-" + i));
        }
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        gateway.close();
        hub.close();
        resources.close();
        int sent = each * CLIENTS;
        new Figure("7 (isolation)")
                .with("%d calls of %d clients in %.1f s", sent, CLIENTS, took.toMillis() / 1e3)
                .target(misrouted.get() == 0, "%d misrouted", misrouted.get())
                .target(answered.get() == sent, "%d unanswered", sent - answered.get())
                .with("%s", timings)
                .print();
        assertEquals(List.of(), List.copyOf(unanswered));
        assertEquals(0, misrouted.get(), "answers of others");
        assertEquals(sent, answered.get(), "answers");
    }

    private void client(int port, int client, int calls) {
        try (KeptConnection connection = new KeptConnection(port)) {
            for (int i = 0; i < calls; i++) {
                String id = IDS.get(i % IDS.size());
                String nonce = client + "-" + i;
                long begun = System.nanoTime();
                String answer = connection.echo("echo", id, nonce);
                timings.add(System.nanoTime() - begun);
                answered.incrementAndGet();
                if (!answer.contains("\"id\":" + id + ",") || !answer.contains("\"text\":\"" + nonce + "\"")) {
                    misrouted.incrementAndGet();
                }
            }
        } catch (Exception e) {
            unanswered.add("client " + client + ": " + e);
        }
    }
}
