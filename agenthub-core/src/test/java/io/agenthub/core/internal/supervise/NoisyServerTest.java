package io.agenthub.core.internal.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerState;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that writes what is no message is warned of, and goes on. */
class NoisyServerTest {
    private final RunningServer running = new RunningServer(Duration.ofSeconds(10));
    private final ManualScheduler time = running.time;
    private final ManagedServer server = running.server;
    private final FakeBridge bridge = running.bridge;

    @AfterEach
    void end() {
        running.close();
    }

    @Test
    void aBannerIsNoReasonToWarn() {
        bridge.noise(200);
        time.advance(Duration.ofSeconds(30));
        assertTrue(server.status().warnings().isEmpty());
    }

    @Test
    void moreThanAThousandLinesAMinuteAreAndTheServerGoesOn() {
        bridge.noise(1_001);
        time.advance(Duration.ofSeconds(30));

        assertEquals(1, server.status().warnings().size());
        assertTrue(server.status().warnings().get(0).contains("no MCP messages"));
        assertEquals(ServerState.RUNNING, server.status().state());
    }

    @Test
    void aQuietMinuteEndsTheWarning() {
        bridge.noise(5_000);
        time.advance(Duration.ofSeconds(70));
        assertEquals(1, server.status().warnings().size());
        time.advance(Duration.ofSeconds(70));
        assertTrue(server.status().warnings().isEmpty());
    }

    @Test
    void noiseSpreadOverHoursIsForgiven() {
        for (int minute = 0; minute < 120; minute++) {
            bridge.noise(900);
            time.advance(Duration.ofMinutes(1));
            assertTrue(server.status().warnings().isEmpty(), "after minute " + minute);
        }
    }
}
