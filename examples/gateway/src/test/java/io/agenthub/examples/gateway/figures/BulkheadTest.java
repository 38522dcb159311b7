package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Figure 9: one of eight servers answers nothing, reads nothing, or floods; the other seven work on. {@code
 * -Dfigures.bulkhead.seconds=60} is the full size, one second the usual one, for each of the two runs that are compared.
 */
@Tag("figure")
class BulkheadTest {
    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"hang", "deaf", "flood=100"})
    @Timeout(600)
    void oneBadServerDoesNotSlowTheOthers(String mode) {
        Duration time = Duration.ofSeconds(Figure.size("bulkhead.seconds", 1));
        Stub stub = new Stub(folder);
        List<String> healthy = IntStream.range(0, 7).mapToObj(i -> "s" + i).toList();
        HubResources resources = HubResources.create();
        HubBuilder builder = AgentHub.builder().resources(resources).server(bad(stub, mode));
        healthy.forEach(name -> builder.server(stub.server(name).build()));
        Hub hub = builder.build();
        Await.value(hub.start());
        healthy.forEach(name -> Await.value(hub.server(name).start()));
        Paced load = new Paced(hub, healthy, PAUSE);
        load.run(time);
        Paced.Outcome before = load.run(time);
        Await.value(hub.server("bad").start());
        List<AtomicInteger> victims = Stream.of("small", "x".repeat(1 << 20))
                .map(message -> disturb(hub, message))
                .toList();
        Paced.Outcome during = load.run(time);
        hub.close();
        resources.close();
        for (AtomicInteger open : victims) {
            Await.until("calls to the bad server have ended", () -> open.get() == 0);
        }
        double rate = during.rate() / before.rate();
        double slower = during.timings().p99() / before.timings().p99();
        new Figure("9 (bulkhead, " + mode + ")")
                .with("%.0f calls/s to 7 servers, %s without", before.rate(), before.timings())
                .with("%s with", during.timings())
                .target(during.failed() == 0, "%d failed", during.failed())
                .target(rate >= 0.95, "throughput %.0f %% of target 95 %%", rate * 100)
                .target(slower <= 1.5, "p99 %.2f times of target 1.5", slower)
                .print();
        assertEquals(0, during.failed(), "calls to healthy servers");
        assertTrue(rate >= 0.5, "throughput fell to " + rate);
    }

    private static ServerSpec bad(Stub stub, String mode) {
        return stub.server("bad", mode)
                .start(StartMode.ON_DEMAND)
                .callTimeout(Duration.ofSeconds(2))
                .breaker(BreakerPolicy.OFF)
                .build();
    }

    /** Sends the bad server more than it takes, and answers how many of these calls have not ended. */
    private static AtomicInteger disturb(Hub hub, String message) {
        AtomicInteger open = new AtomicInteger();
        for (int i = 0; i < 32; i++) {
            open.incrementAndGet();
            CompletionStage<?> call = hub.server("bad").callTool("echo", Map.of("message", message));
            call.whenComplete((result, failure) -> open.decrementAndGet());
        }
        return open;
    }
}
