package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What becomes of children when their hub is killed: a JVM of its own plays the hub. */
@EnabledOnOs(OS.LINUX)
class GuardianTest {
    private static final int SERVERS = 5;

    /** Ignores every polite request and has a child in a group of its own, and one that nobody is parent of. */
    private static final String STUBBORN = StdioFixture.HANDSHAKE
            + "trap '' TERM HUP INT; (set -m; sleep 500 & ); (sleep 500 </dev/null >/dev/null 2>&1 &);"
            + " while :; do sleep 500; done";

    private final String mark = "guarded-" + UUID.randomUUID();

    /** The hub to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            TckContext context = TckContext.real();
            StdioBridges bridges = new StdioBridges();
            List<CompletionStage<Bridge>> opening = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                ServerSpec spec = ServerSpec.stdio("stubborn-" + i, "/bin/sh", "-c", STUBBORN, arguments[0])
                        .setting("protocol", "legacy")
                        .build();
                opening.add(bridges.connector(spec, context)
                        .connect(new ConnectRequest(
                                Duration.ofSeconds(30), JsonText.EMPTY_OBJECT, BridgeListener.NONE)));
            }
            List<Bridge> open = opening.stream().map(Await::value).toList();
            System.out.println("ready");
            if (arguments[1].equals("close")) {
                open.forEach(Bridge::closeAsync);
                open.forEach(bridge -> Await.value(bridge.whenClosed()));
                System.out.println("closed");
            }
            Await.until(Duration.ofMinutes(1), "this JVM is killed", () -> false);
        }
    }

    private Process victim(String ending) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Victim.class.getName(),
                        mark,
                        ending)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The servers themselves; their sleeping children share their sessions. */
    private List<Long> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> Arrays.asList(words).contains(mark)
                                && Arrays.asList(words).contains(STUBBORN))
                        .orElse(false))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Waits until no child of a server, just forked, still looks like the server itself. */
    private List<Long> awaitServers() {
        AtomicReference<List<Long>> seen = new AtomicReference<>(List.of());
        Await.until("the servers are there", () -> {
            seen.set(servers());
            return seen.get().size() == SERVERS;
        });
        return seen.get();
    }

    private static long members(List<Long> sessions) {
        return sessions.stream()
                .mapToLong(session -> io.agenthub.mcp.internal.process.Sessions.count(session))
                .sum();
    }

    @Test
    void aHubKilledWithoutWarningLeavesNoProcessBehind() throws IOException, InterruptedException {
        Process victim = victim("stay");
        assertEquals("ready", output(victim).readLine());
        List<Long> sessions = awaitServers();
        Await.until("the trees are complete", () -> members(sessions) >= SERVERS * 4L);
        long start = System.nanoTime();
        victim.destroyForcibly();
        Await.until(Duration.ofSeconds(10), "nothing is left", () -> members(sessions) == 0);
        long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
        System.out.println("killed " + SERVERS + " stubborn trees " + took + " ms after the hub");
        victim.waitFor();
    }

    @Test
    void theGuardianEndsWithTheLastChild() throws IOException, InterruptedException {
        Process victim = victim("close");
        BufferedReader output = output(victim);
        assertEquals("ready", output.readLine());
        Await.until("there is a guardian", () -> hasGuardian(victim));
        assertEquals("closed", output.readLine());
        Await.until("the guardian is gone", () -> !hasGuardian(victim));
        assertTrue(victim.isAlive());
        assertFalse(servers().size() > 0);
        victim.destroyForcibly().waitFor();
    }

    private static boolean hasGuardian(Process victim) {
        return victim.children()
                .anyMatch(process -> process.info()
                        .arguments()
                        .map(words -> Arrays.asList(words).contains("agenthub-guardian"))
                        .orElse(false));
    }

    @Test
    void aGuardianThatIsKilledIsReplacedAndToldAgain() throws IOException, InterruptedException {
        TckContext context = TckContext.real();
        StdioBridges bridges = new StdioBridges();
        ConnectRequest request = new ConnectRequest(Duration.ofSeconds(30), JsonText.EMPTY_OBJECT, BridgeListener.NONE);
        ServerSpec spec = ServerSpec.stdio("a", "/bin/sh", "-c", StdioFixture.HANDSHAKE + "cat", mark)
                .setting("protocol", "legacy")
                .build();
        Bridge first = Await.value(bridges.connector(spec, context).connect(request));
        // Forked, it still has the name of the program that forked it.
        Await.until("there is one", () -> guardian().isPresent());
        ProcessHandle guardian = guardian().orElseThrow();
        guardian.destroyForcibly();
        Await.until("it is gone", () -> !guardian.isAlive());
        Bridge second = Await.value(bridges.connector(spec, context).connect(request));
        Await.until("there is another", () -> guardian().isPresent());
        Await.value(first.closeAsync());
        Await.value(second.closeAsync());
        Await.until("it is gone too", () -> guardian().isEmpty());
        context.close();
    }

    private static java.util.Optional<ProcessHandle> guardian() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> Arrays.asList(words).contains("agenthub-guardian"))
                        .orElse(false))
                .findFirst();
    }
}
