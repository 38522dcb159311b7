package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.StartMode;
import io.agenthub.tck.FakeBridge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        harness.watch = new ConfigurationWatch(file, read(), this::read, INTERVAL, harness.time, Runnable::run);
        hub = harness.started();
    }

    private HubConfig read() {
        HubConfig.Builder config = HubConfig.builder();
        try {
            for (String name : Files.readAllLines(file)) {
                if (name.contains(" ")) {
                    throw new ConfigurationException(name, "a name has no space");
                }
                if (name.startsWith("port=")) {
                    config.section("gateway", Settings.of("gateway", Map.of("port", name.substring(5))));
                    continue;
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

    /** What is logged of changes, a line each. */
    private List<String> logged(Change... changes) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (Change next : changes) {
                next.make();
            }
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("ConfigurationWatch"))
                .toList();
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void assertSays(String line, String level, String words) {
        assertTrue(line.contains(level) && line.endsWith(words), line);
    }

    @Test
    void whatWaitsForTheNextStartIsNamedOnceAndNotCalledInForce() throws IOException {
        List<String> lines =
                logged(() -> change("one\nport=7\n"), () -> change("one\ntwo\nport=7\n"), () -> change("one\nthree\n"));

        assertEquals(4, lines.size(), lines.toString());
        assertSays(lines.get(0), "INFO", "The servers of the changed configuration are in force");
        assertSays(lines.get(1), "WARN", "needs a restart: agenthub.gateway");
        assertSays(lines.get(2), "INFO", "The servers of the changed configuration are in force");
        assertSays(lines.get(3), "INFO", "The changed configuration is in force");
        assertTrue(hub.configurationProblem().isEmpty());
        assertEquals(ServerState.RUNNING, hub.server("three").status().state());
    }

    @Test
    void aReaderThatFailsOtherwiseRefusesTheFileAndTheNextChangeIsSeen() throws IOException {
        change("!\n");
        assertEquals(ServerState.RUNNING, hub.server("one").status().state());
        assertEquals("servers", hub.configurationProblem().orElseThrow().path());
        change("one\ntwo\n");
        assertTrue(hub.configurationProblem().isEmpty());
        assertEquals(ServerState.RUNNING, hub.server("two").status().state());
    }

    @Test
    void nothingIsReadAfterTheEnd() throws IOException {
        harness.now(hub.closeAsync());
        change("one\ntwo\n");
        assertTrue(harness.connector("two").attempts().isEmpty());
    }
}
