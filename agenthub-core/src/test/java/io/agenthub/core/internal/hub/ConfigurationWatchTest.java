package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.StartMode;
import io.agenthub.tck.FakeBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that holds server names, one to a line, is watched on virtual time. */
class ConfigurationWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final HubHarness harness = new HubHarness();
    private Path file;
    private Hub hub;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("servers");
        Files.writeString(file, "one\n");
        harness.with(HubHarness.server("one").start(StartMode.EAGER).build());
        harness.watch = new ConfigurationWatch(file, this::read, INTERVAL, harness.time, Runnable::run);
        hub = harness.started();
    }

    private HubConfig read() {
        HubConfig.Builder config = HubConfig.builder();
        try {
            for (String name : Files.readAllLines(file)) {
                if (name.contains(" ")) {
                    throw new ConfigurationException(name, "a name has no space");
                }
                config.server(HubHarness.server(name).start(StartMode.EAGER).build());
            }
        } catch (IOException e) {
            throw new ConfigurationException("servers", "cannot be read", e);
        }
        return config.build();
    }

    private void change(String text) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, text);
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        harness.time.advance(INTERVAL);
    }

    @Test
    void aChangedFileChangesTheServersAndLeavesTheOthersAlone() throws IOException {
        FakeBridge one = harness.bridge("one");
        change("one\ntwo\n");
        assertEquals(ServerState.RUNNING, hub.server("two").status().state());
        assertSame(one, harness.bridge("one"));
        assertFalse(one.isClosed());
        change("two\n");
        assertTrue(one.isClosed());
        assertEquals(1, hub.servers().size());
    }

    @Test
    void anInvalidFileKeepsTheOldConfigurationAndSaysWhyUntilItIsRepaired() throws IOException {
        change("one two\n");
        assertEquals(ServerState.RUNNING, hub.server("one").status().state());
        assertEquals("one two", hub.configurationProblem().orElseThrow().path());
        change("one\nthree\n");
        assertTrue(hub.configurationProblem().isEmpty());
        assertEquals(ServerState.RUNNING, hub.server("three").status().state());
    }

    @Test
    void aFileThatIsGoneIsAProblemAndNoReasonToStop() throws IOException {
        Files.delete(file);
        harness.time.advance(INTERVAL);
        assertEquals("servers", hub.configurationProblem().orElseThrow().path());
        assertEquals(ServerState.RUNNING, hub.server("one").status().state());
    }

    @Test
    void nothingIsReadAfterTheEnd() throws IOException {
        harness.now(hub.closeAsync());
        change("one\ntwo\n");
        assertTrue(harness.connector("two").attempts().isEmpty());
    }
}
