package io.agenthub.everything;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of both eras, which keeps to the one that its first message chose; and what all modes share. */
class DualEraTest {
    private static final String ENVELOPE = "{\"_meta\":" + Peer.meta("{}") + "}";

    private final Peer peer = Peer.raw("--dual");

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void isDiscoveredAndThenInitialized() {
        peer.result("server/discover", ENVELOPE);
        peer.result("server/discover", ENVELOPE);
        peer.result("initialize", Peer.handshake("2025-11-25", "{}"));
        peer.notify("notifications/initialized", "{}");
        assertFalse(peer.result("tools/list", "{}").member("resultType").isPresent());
        assertEquals(-32601, peer.error("server/discover", ENVELOPE).code());
        assertFalse(peer.result("tools/list", ENVELOPE).member("resultType").isPresent(), "still legacy");
    }

    @Test
    void isDiscoveredAndThenModern() {
        peer.result("server/discover", ENVELOPE);
        assertTrue(peer.result("tools/list", ENVELOPE).member("resultType").isPresent());
        RpcError error = peer.error("initialize", Peer.handshake("2025-11-25", "{}"));
        assertEquals(-32022, error.code());
        peer.result("server/discover", ENVELOPE);
    }

    @Test
    void isModernWithoutBeingDiscovered() {
        assertTrue(peer.result("tools/list", ENVELOPE).member("resultType").isPresent());
        assertEquals(-32602, peer.error("tools/list", "{}").code());
    }

    @Test
    void isLegacyForAMessageThatClaimsNothing() {
        assertEquals(-32600, peer.error("tools/list", "{}").code());
        assertEquals(-32601, peer.error("server/discover", ENVELOPE).code());
        peer.result("initialize", Peer.handshake("2025-11-25", "{}"));
    }

    @Test
    void decidesNothingByAWrongEnvelope() {
        String wrong = ENVELOPE.replace("2026-07-28", "v999.0.0");
        assertEquals(-32022, peer.error("tools/list", wrong).code());
        peer.result("initialize", Peer.handshake("2025-11-25", "{}"));
    }

    @Test
    void keepsAJournalThatServersShare(@TempDir Path folder) throws IOException {
        Path journal = folder.resolve("journal");
        try (Peer first = Peer.modern("{}", "--modern", "--journal=" + journal);
                Peer second = Peer.legacy("{}", "--legacy", "--journal=" + journal)) {
            JsonText waiting = first.sendCall("test_cancellation", "");
            first.cancel(waiting);
            first.exit();
            second.exit();
            assertEquals(
                    List.of(
                            "start",
                            "received tools/call",
                            "received notifications/cancelled",
                            "cancelled test_cancellation",
                            "end"),
                    of(first, journal));
            assertEquals(
                    List.of("start", "received initialize", "received notifications/initialized", "end"),
                    of(second, journal));
        }
    }

    private static List<String> of(Peer server, Path journal) throws IOException {
        String pid = server.pid() + " ";
        return Files.readAllLines(journal).stream()
                .filter(line -> line.startsWith(pid))
                .map(line -> line.substring(pid.length()))
                .toList();
    }
}
