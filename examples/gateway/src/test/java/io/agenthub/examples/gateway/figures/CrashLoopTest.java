package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.StartMode;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.tck.Await;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figure 10: a server that exits at once is tried a few times and then left alone, until somebody repairs it. {@code
 * -Dfigures.crash.seconds=600} is the full size, with the default restart policy; in the usual 20 seconds that policy runs 30
 * times as fast.
 */
@Tag("figure")
@Tag("patient")
class CrashLoopTest {
    private static final int FULL_SECONDS = 600;
    private static final int MOST_STARTS = 8;

    @TempDir
    Path folder;

    @Test
    @Timeout(1_200)
    void aServerThatExitsAtOnceIsLeftAloneUntilItIsRepaired() throws Exception {
        int seconds = Figure.size("crash.seconds", 20);
        int times = Math.max(1, FULL_SECONDS / seconds);
        Path starts = folder.resolve("starts");
        Path broken = Files.createFile(folder.resolve("starts.broken"));
        Stub stub = new Stub(folder);
        List<String> healthy = IntStream.range(0, 7).mapToObj(i -> "s" + i).toList();
        HubResources resources = HubResources.create();
        HubBuilder builder = AgentHub.builder()
                .resources(resources)
                .server(stub.server("broken", "crash=" + starts)
                        .start(StartMode.ON_DEMAND)
                        .restart(faster(RestartPolicy.DEFAULT, times))
                        .build());
        healthy.forEach(name -> builder.server(stub.server(name).build()));
        Hub hub = builder.build();
        Await.value(hub.start());
        healthy.forEach(name -> Await.value(hub.server(name).start()));
        Paced load = new Paced(hub, healthy, Duration.ofMillis(100));
        load.run(Duration.ofSeconds(3));
        double idle = cpu(load, Duration.ofSeconds(Math.max(5, seconds / 10))).share;
        Await.failure(hub.server("broken").start());
        Measured looping = cpu(load, Duration.ofSeconds(seconds));
        ServerState state = hub.server("broken").status().state();
        long spawned = Files.size(starts);
        Files.delete(broken);
        long repaired = System.nanoTime();
        Await.value(hub.server("broken").start());
        double back = (System.nanoTime() - repaired) / 1e6;
        hub.close();
        resources.close();
        new Figure("10 (crash loop)")
                .with("%d s, policy %d times as fast", seconds, times)
                .target(spawned <= MOST_STARTS, "%d starts of at most %d", spawned, MOST_STARTS)
                .with("CPU %.2f %% of a core, %.2f %% before it", looping.share * 100, idle * 100)
                .target(looping.share - idle <= 0.005 * times, "the loop's part of target 0.5 %% at its own pace")
                .target(looping.load.failed() == 0, "%d calls to others failed", looping.load.failed())
                .with("others %s", looping.load.timings())
                .target(back <= 1_000, "ready %.0f ms after repair and start", back)
                .print();
        assertTrue(spawned >= 2 && spawned <= MOST_STARTS, spawned + " starts");
        assertEquals(ServerState.FAILED, state);
        assertEquals(0, looping.load.failed(), "calls to healthy servers");
        assertTrue(back < 10_000, "ready " + back + " ms after repair");
    }

    private static RestartPolicy faster(RestartPolicy policy, int times) {
        return new RestartPolicy(
                policy.initialDelay().dividedBy(times),
                policy.maxDelay().dividedBy(times),
                policy.multiplier(),
                policy.jitter(),
                policy.maxExits(),
                policy.window().dividedBy(times),
                policy.probeInterval().dividedBy(times));
    }

    private static Measured cpu(Paced load, Duration time) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        Paced.Outcome outcome = load.run(time);
        return new Measured((system.getProcessCpuTime() - before) / 1e9 / outcome.seconds(), outcome);
    }

    /** Processor time as a share of one core, and the load meanwhile. */
    private record Measured(double share, Paced.Outcome load) {}
}
