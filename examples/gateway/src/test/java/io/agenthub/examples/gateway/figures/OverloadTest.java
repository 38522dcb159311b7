package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is more than may be in flight is refused at once, through the gateway's socket, and harms nobody else. */
@Tag("figure")
class OverloadTest {
    private static final int OF_SERVER = 8;
    private static final int OF_HUB = 24;
    private static final int COLD = 300;
    private static final int REFUSALS = 2_000;

    @TempDir
    Path folder;

    private final HubResources resources = HubResources.create();
    private final List<KeptConnection> waiting = new ArrayList<>();
    private Hub hub;
    private Gateway gateway;
    private int port;

    @BeforeEach
    void start() {
        Stub stub = new Stub(folder);
        ServerLimits defaults = ServerLimits.DEFAULT;
        hub = AgentHub.builder()
                .resources(resources)
                .config(HubConfig.builder().maxInFlight(OF_HUB).build())
                .server(stub.server("full", "hang")
                        .limits(new ServerLimits(
                                OF_SERVER, defaults.maxQueuedBytes(), defaults.maxWaiting(), defaults.maxFrameBytes()))
                        .build())
                .server(stub.server("hung", "hang").build())
                .server(stub.server("fine").build())
                .build();
        Await.value(hub.start());
        hub.servers().forEach(server -> Await.value(server.start()));
        gateway = Gateway.builder(hub, resources)
                .config(GatewayConfig.builder().port(0).build())
                .build();
        port = Await.value(gateway.start()).getPort();
    }

    @AfterEach
    void stop() throws IOException {
        for (KeptConnection connection : waiting) {
            connection.close();
        }
        gateway.close();
        hub.close();
        resources.close();
    }

    @Test
    void whatIsTooMuchForAServerIsRefusedAndTheOthersAreServed() throws IOException {
        fill("full", OF_SERVER);
        Timings cold = new Timings();
        Timings refused = new Timings();
        try (KeptConnection client = new KeptConnection(port)) {
            for (int i = 0; i < COLD + REFUSALS; i++) {
                long took = refusal(client, "full", i);
                (i < COLD ? cold : refused).add(took);
                assertTrue(client.echo("fine", "1", "still here").contains("still here"));
            }
        }
        new Figure("overload (one server)")
                .with("%d calls beyond its %d refused", refused.count(), OF_SERVER)
                .target(refused.p99() <= 5, "in %s, target p99 5 ms", refused)
                .with("the first %d of a cold JVM in %s", cold.count(), cold)
                .print();
        assertEquals(REFUSALS, refused.count());
    }

    @Test
    void whatIsTooMuchForTheHubIsRefused() throws IOException {
        fill("full", OF_SERVER);
        fill("hung", OF_HUB - OF_SERVER);
        Timings cold = new Timings();
        Timings refused = new Timings();
        try (KeptConnection client = new KeptConnection(port)) {
            for (int i = 0; i < COLD + REFUSALS; i++) {
                (i < COLD ? cold : refused).add(refusal(client, "fine", i));
            }
            waiting.remove(0).close();
            Await.until("a client that went away makes room", () -> {
                try {
                    return client.echo("fine", "1", "room").contains("room");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        new Figure("overload (the hub)")
                .with("%d calls beyond its %d refused", refused.count(), OF_HUB)
                .target(refused.p99() <= 5, "in %s, target p99 5 ms", refused)
                .with("the first %d of a cold JVM in %s", cold.count(), cold)
                .print();
    }

    /** Calls that are never answered. */
    private void fill(String server, int calls) throws IOException {
        int before = inFlight(server);
        for (int i = 0; i < calls; i++) {
            KeptConnection connection = new KeptConnection(port);
            waiting.add(connection);
            connection.send(server, "1", "for ever");
        }
        Await.until(calls + " calls are in flight", () -> inFlight(server) == before + calls);
    }

    private int inFlight(String server) {
        return hub.server(server).status().stats().orElseThrow().inFlight();
    }

    private static long refusal(KeptConnection client, String server, int id) throws IOException {
        long begun = System.nanoTime();
        String answer = client.echo(server, Integer.toString(id), "too much");
        long took = System.nanoTime() - begun;
        assertTrue(answer.contains("\"kind\":\"BUSY\""), answer);
        assertTrue(answer.contains("\"dispatched\":false"), answer);
        assertTrue(answer.contains("\"id\":" + id + ","), answer);
        assertTrue(client.head().startsWith("HTTP/1.1 429 "), client.head());
        assertTrue(client.head().toLowerCase(Locale.ROOT).contains("\nretry-after: "), client.head());
        return took;
    }
}
