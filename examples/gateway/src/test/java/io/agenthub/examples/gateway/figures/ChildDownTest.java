package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.StartMode;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad behaviour, child down: what a caller sees through the gateway's socket when a server breaks, and when it serves again. */
@Tag("figure")
class ChildDownTest {
    /** The server says it twice in one answer. */
    private static final int HALF_OF_ALLOWED = 7_900_000;

    private static final int HALF_OF_TOO_MUCH = 17 << 19;

    @TempDir
    Path folder;

    private final HubResources resources = HubResources.create();
    private Hub hub;
    private Gateway gateway;
    private KeptConnection client;
    private Path broken;

    @BeforeEach
    void start() throws IOException {
        broken = Files.createFile(folder.resolve("broken"));
        Stub stub = new Stub(folder);
        hub = AgentHub.builder()
                .resources(resources)
                .server(stub.server("odd", "odd").build())
                .server(stub.server("dying", "dies=" + broken)
                        .start(StartMode.ON_DEMAND)
                        .build())
                .server(stub.server("fine").build())
                .build();
        Await.value(hub.start());
        Await.value(hub.server("odd").start());
        Await.value(hub.server("fine").start());
        gateway = Gateway.builder(hub, resources)
                .config(GatewayConfig.builder().port(0).build())
                .build();
        client = new KeptConnection(Await.value(gateway.start()).getPort());
        assertServes("odd");
        assertServes("fine");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
        hub.close();
        resources.close();
    }

    @Test
    void aServerThatClosesItsOutputIsReplaced() throws IOException {
        long before = pid("odd");
        long begun = System.nanoTime();
        assertFails("odd", "close", "CHILD_EXITED");
        double failed = millis(begun);
        Await.until("it serves again", () -> serves("odd"));
        new Figure("child down (output closed while alive)")
                .with("the call failed after %.0f ms, served again after %.0f ms", failed, millis(begun))
                .print();
        assertNotEquals(before, pid("odd"));
    }

    @Test
    void anAnswerBeyondTheLimitFailsItsCallAlone() throws IOException {
        long before = pid("odd");
        long begun = System.nanoTime();
        String whole = client.echo("odd", "1", "big=" + HALF_OF_ALLOWED);
        double answered = millis(begun);
        assertTrue(whole.length() > 2 * HALF_OF_ALLOWED, () -> "only " + whole.length());
        long again = System.nanoTime();
        assertFails("odd", "big=" + HALF_OF_TOO_MUCH, "FRAME_TOO_LARGE");
        double failed = millis(again);
        assertServes("odd");
        new Figure("child down (answer of 17 MiB)")
                .with("15.8 MB answered in %.0f ms, 17 MiB failed after %.0f ms", answered, failed)
                .print();
        assertEquals(before, pid("odd"));
    }

    @Test
    void aServerThatDiesInInitializeFailsItsCallersAtOnceAndNobodyElse() throws IOException {
        long begun = System.nanoTime();
        assertFails("dying", "hello", "CHILD_EXITED");
        double failed = millis(begun);
        assertServes("fine");
        Files.delete(broken);
        long repaired = System.nanoTime();
        Await.value(hub.server("dying").start());
        assertServes("dying");
        new Figure("child down (dies in initialize)")
                .with("the call failed after %.0f ms, served %.0f ms after its repair", failed, millis(repaired))
                .print();
    }

    @Test
    void aServerThatClosesItsErrorOutputServesOn() throws IOException {
        long before = pid("odd");
        assertTrue(client.echo("odd", "1", "mute").contains("\"text\":\"mute\""));
        assertServes("odd");
        assertEquals(before, pid("odd"));
        new Figure("child down (error output closed)").with("serves on").print();
    }

    private void assertFails(String server, String message, String kind) throws IOException {
        String answer = client.echo(server, "7", message);
        assertTrue(answer.contains("\"kind\":\"" + kind + "\""), answer);
        assertTrue(answer.contains("\"id\":7,"), answer);
    }

    private void assertServes(String server) {
        assertTrue(serves(server), server);
    }

    private boolean serves(String server) {
        try {
            return client.echo(server, "2", "still here").contains("\"text\":\"still here\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long pid(String server) {
        return hub.server(server).status().stats().orElseThrow().pid().orElseThrow();
    }

    private static double millis(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
