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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Figures 1 and 2: eight servers are killed in turn while 64 clients call them. Every call ends once, in time and with its own
 * answer, or with a failure that is true; and soon. {@code -Dfigures.kills=10000} is the full size.
 *
 * <p>Full load leaves no core idle, and there the scheduler may take a tenth of a second to let a killed process exit. So what
 * counts is the time from its exit, which a witness dates no later than it was: at the last moment it was seen alive. The second
 * run leaves the cores idle for a part of the time, as machines in use do.
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

    /** How hard the clients call, how often a server is killed, and which part of the kills it gets. */
    enum Pressure {
        FULL(1, 0, 1),
        PART(20, 40, 2);

        final int thinkMillis;
        final long killPauseNanos;
        final int divisor;

        Pressure(int thinkMillis, int killPauseMillis, int divisor) {
            this.thinkMillis = thinkMillis;
            this.killPauseNanos = TimeUnit.MILLISECONDS.toNanos(killPauseMillis);
            this.divisor = divisor;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(7_200)
    void everyCallEndsOnceAndTrulyWhileChildrenAreKilled(Pressure pressure) throws Exception {
        int kills = Figure.size("kills", 200) / pressure.divisor;
        Stub stub = new Stub(folder);
        HubResources resources = HubResources.create();
        HubBuilder builder = AgentHub.builder().resources(resources).listener(new Watcher());
        for (int i = 0; i < SERVERS; i++) {
            victims[i] = new Victim("s" + i);
            builder.server(spec(stub, victims[i].name));
        }
        Hub hub = builder.build();
        Await.value(hub.start());
        Load load = new Load(hub, victims, CLIENTS, pressure.thinkMillis);
        load.start();
        kill(hub, SERVERS * 2, 0);
        settle(hub);
        int descriptors = Proc.descriptors();
        int threads = Proc.threads();
        for (Victim victim : victims) {
            victim.forget();
        }
        double busy = Proc.busy(() -> kill(hub, kills, pressure.killPauseNanos));
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
        judge(busy, kills, load, descriptorDelta, threadDelta);
    }

    /** A breaker or a budget would only hide the kills. */
    private ServerSpec spec(Stub stub, String name) {
        return stub.server(name, "journal=" + folder.resolve(name + ".journal"))
                .breaker(BreakerPolicy.OFF)
                .restart(new RestartPolicy(
                        BACKOFF, BACKOFF, 1, 0, Integer.MAX_VALUE, Duration.ofSeconds(60), Duration.ZERO))
                .build();
    }

    private void kill(Hub hub, int count, long pauseNanos) {
        long due = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long next = due;
            Await.until("the next kill is due", () -> System.nanoTime() - next >= 0);
            due += pauseNanos;
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

    private void judge(double busy, int kills, Load load, int descriptorDelta, int threadDelta) throws IOException {
        Timings exiting = new Timings();
        Timings failing = new Timings();
        Timings failingAfterExit = new Timings();
        Timings ready = new Timings();
        for (Victim victim : victims) {
            victim.collect(exiting, failing, failingAfterExit, ready);
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
        String loaded = String.format(Locale.ROOT, ", cores %.0f %% busy)", busy * 100);
        new Figure("1 (no silent loss" + loaded)
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
        new Figure("2 (fail fast" + loaded)
                .with("exit to failure of %d callers %s", failing.count(), failingAfterExit)
                .target(failingAfterExit.p99() <= 20 && failingAfterExit.max() <= 250, "target p99 20, max 250 ms")
                .with("kill to exit %s", exiting)
                .with("kill to failure %s", failing)
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
        private final List<Death> deaths = new ArrayList<>();
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

        /** Kills the process and watches it exit. */
        void kill(long pid) {
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            Death death = begin();
            process.destroyForcibly();
            Await.until("process " + pid + " has exited", () -> {
                long now = System.nanoTime();
                boolean alive = Proc.alive(pid);
                if (alive) {
                    death.lastSeenAlive = now;
                }
                return !alive;
            });
        }

        private synchronized Death begin() {
            killed = true;
            killedAt = System.nanoTime();
            Death death = new Death(killedAt);
            deaths.add(death);
            return death;
        }

        /** A call that was under way when the process was killed has failed. */
        synchronized void failed(long begun, long now) {
            if (killedAt != 0 && begun - killedAt < 0 && !deaths.isEmpty()) {
                deaths.get(deaths.size() - 1).failures.add(now);
            }
        }

        synchronized void forget() {
            deaths.clear();
            ready.clear();
        }

        synchronized void collect(Timings exiting, Timings failing, Timings failingAfterExit, Timings readyOfAll) {
            for (Death death : deaths) {
                exiting.add(death.lastSeenAlive - death.killedAt);
                for (long failure : death.failures) {
                    failing.add(failure - death.killedAt);
                    failingAfterExit.add(Math.max(0, failure - death.lastSeenAlive));
                }
            }
            ready.forEach(readyOfAll::add);
        }
    }

    /** One kill, the latest moment at which its victim was seen alive, and when its callers heard of it. */
    private static final class Death {
        final long killedAt;
        final List<Long> failures = new ArrayList<>();
        volatile long lastSeenAlive;

        Death(long killedAt) {
            this.killedAt = killedAt;
            this.lastSeenAlive = killedAt;
        }
    }
}
