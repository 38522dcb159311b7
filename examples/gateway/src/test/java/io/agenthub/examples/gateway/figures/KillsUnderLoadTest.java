package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures 1 and 2: eight servers are killed in turn while 64 clients call them. Every call ends once, in time and with its own
 * answer, or with a failure that is true; and soon. {@code -Dfigures.kills=10000} is the full size.
 */
@Tag("figure")
@EnabledOnOs(OS.LINUX)
class KillsUnderLoadTest {
    private static final int SERVERS = 8;
    private static final int CLIENTS = 64;
    private static final Duration BACKOFF = Duration.ofMillis(20);

    private final Victim[] victims = new Victim[SERVERS];

    @TempDir
    Path folder;

    @Test
    @Timeout(7_200)
    void everyCallEndsOnceAndTrulyWhileChildrenAreKilled() throws Exception {
        int kills = Figure.size("kills", 200);
        Stub stub = new Stub(folder);
        HubResources resources = HubResources.create();
        HubBuilder builder = AgentHub.builder().resources(resources).listener(new Watcher());
        for (int i = 0; i < SERVERS; i++) {
            victims[i] = new Victim("s" + i);
            builder.server(spec(stub, victims[i].name));
        }
        Hub hub = builder.build();
        Await.value(hub.start());
        Load load = new Load(hub, victims, CLIENTS);
        load.start();
        kill(hub, SERVERS * 2);
        settle(hub);
        int descriptors = Proc.descriptors();
        int threads = Proc.threads();
        for (Victim victim : victims) {
            victim.forget();
        }
        kill(hub, kills);
        load.stop();
        settle(hub);
        Await.until("descriptors are back at " + descriptors, () -> Proc.descriptors() <= descriptors);
        Await.until("threads are back at " + threads, () -> Proc.threads() <= threads);
        Await.until("no zombies are left", () -> Proc.zombies() == 0);
        int descriptorDelta = Proc.descriptors() - descriptors;
        int threadDelta = Proc.threads() - threads;
        List<Long> pids = hub.servers().stream().map(KillsUnderLoadTest::pid).toList();
        hub.close();
        resources.close();
        pids.forEach(pid -> Await.until("process " + pid + " is gone", () -> !Proc.alive(pid)));
        judge(kills, load, descriptorDelta, threadDelta);
    }

    /** A breaker or a budget would only hide the kills. */
    private ServerSpec spec(Stub stub, String name) {
        return stub.server(name, "journal=" + folder.resolve(name + ".journal"))
                .breaker(BreakerPolicy.OFF)
                .restart(new RestartPolicy(
                        BACKOFF, BACKOFF, 1, 0, Integer.MAX_VALUE, Duration.ofSeconds(60), Duration.ZERO))
                .build();
    }

    private void kill(Hub hub, int count) {
        for (int i = 0; i < count; i++) {
            Victim victim = victims[i % SERVERS];
            Await.until(victim.name + " answers again", victim::answers);
            victim.kill(pid(hub.server(victim.name)));
        }
    }

    private static long pid(McpServer server) {
        return server.status().stats().orElseThrow().pid().orElseThrow();
    }

    private void settle(Hub hub) {
        for (Victim victim : victims) {
            Await.until(
                    victim.name + " runs",
                    () -> victim.isBack() && hub.server(victim.name).status().state() == ServerState.RUNNING);
        }
    }

    private void judge(int kills, Load load, int descriptorDelta, int threadDelta) throws IOException {
        Timings failing = new Timings();
        Timings ready = new Timings();
        for (Victim victim : victims) {
            victim.collect(failing, ready);
        }
        BitSet seen = new BitSet();
        int twice = 0;
        for (Victim victim : victims) {
            try (Stream<String> nonces = Files.lines(folder.resolve(victim.name + ".journal"))) {
                for (String nonce : (Iterable<String>) nonces::iterator) {
                    int number = Integer.parseInt(nonce);
                    twice += seen.get(number) ? 1 : 0;
                    seen.set(number);
                }
            }
        }
        BitSet lies = load.undispatched();
        lies.and(seen);
        BitSet invented = load.answered();
        invented.andNot(seen);
        new Figure("1 (no silent loss)")
                .with(
                        "%d kills, %d calls, %d answered",
                        kills, load.calls(), load.answered().cardinality())
                .with(
                        "%d failed when sent, %d before",
                        load.failedSent(), load.undispatched().cardinality())
                .target(load.lost() == 0, "%d lost", load.lost())
                .target(load.doubled() + twice == 0, "%d doubled", load.doubled() + twice)
                .target(load.crossed() == 0, "%d crossed", load.crossed())
                .target(load.late() == 0, "%d late", load.late())
                .target(lies.isEmpty(), "%d untrue 'not dispatched'", lies.cardinality())
                .with("0 zombies, descriptors %+d, threads %+d", descriptorDelta, threadDelta)
                .print();
        new Figure("2 (fail fast)")
                .with("kill to failure of %d callers %s", failing.count(), failing)
                .target(failing.p99() <= 20 && failing.max() <= 250, "target p99 20, max 250 ms")
                .with("kill to ready %s with a backoff of %d ms", ready, BACKOFF.toMillis())
                .print();
        assertEquals(List.of(), load.surprises());
        assertEquals(0, load.lost(), "calls without an end");
        assertEquals(0, load.doubled(), "calls that ended twice");
        assertEquals(0, twice, "calls that a server saw twice");
        assertEquals(0, load.crossed(), "answers of others");
        assertEquals(0, load.late(), "calls beyond their deadline");
        assertTrue(lies.isEmpty(), () -> "said not to be dispatched, yet seen: " + lies);
        assertTrue(invented.isEmpty(), () -> "answered, yet never seen: " + invented);
        assertTrue(load.failedSent() > 0, "no kill hit a call in flight");
        assertTrue(failing.max() < 5_000, () -> "kill to failure " + failing);
        assertEquals(kills, ready.count(), "every killed server came back");
    }

    /** Tells victims that they are back. */
    private final class Watcher implements HubListener {
        @Override
        public void serverChanged(ServerStatus before, ServerStatus after) {
            if (after.state() == ServerState.RUNNING && before.state() != ServerState.RUNNING) {
                victims[Integer.parseInt(after.name().substring(1))].back(System.nanoTime());
            }
        }
    }

    /** One server, as its murderer knows it. */
    static final class Victim {
        final String name;
        private final List<Long> failing = new ArrayList<>();
        private final List<Long> ready = new ArrayList<>();
        private long killedAt;
        private boolean started;
        private boolean killed;
        private boolean answered;

        Victim(String name) {
            this.name = name;
        }

        synchronized void back(long now) {
            started = true;
            if (killed) {
                ready.add(now - killedAt);
            }
            killed = false;
            answered = false;
        }

        synchronized boolean isBack() {
            return !killed && started;
        }

        synchronized boolean answers() {
            return isBack() && answered;
        }

        synchronized void answered() {
            answered = true;
        }

        synchronized void kill(long pid) {
            killed = true;
            killedAt = System.nanoTime();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }

        /** A call that was under way when the process was killed has failed. */
        synchronized void failed(long begun, long now) {
            if (killedAt != 0 && begun - killedAt < 0) {
                failing.add(now - killedAt);
            }
        }

        synchronized void forget() {
            failing.clear();
            ready.clear();
        }

        synchronized void collect(Timings failingOfAll, Timings readyOfAll) {
            failing.forEach(failingOfAll::add);
            ready.forEach(readyOfAll::add);
        }
    }
}
