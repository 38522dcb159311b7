package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.core.HubResources;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is answered while five times as much is asked as two servers can do. Calls come at fixed times through the gateway's
 * socket, whatever becomes of those before. {@code -Dfigures.goodput.seconds=30} makes each of the two runs longer.
 */
@EnabledOnOs(OS.LINUX)
@Tag("figure")
class GoodputTest {
    private static final List<String> SERVERS = List.of("s0", "s1");
    private static final int IN_FLIGHT = 8;
    private static final int TIMES = 5;
    private static final Duration WARM_UP = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void fiveTimesTheLoadDoesNotReduceWhatIsAnswered() throws Exception {
        Duration time = Duration.ofSeconds(Figure.size("goodput.seconds", 2));
        HubResources resources = HubResources.create();
        Hub hub = hub(resources);
        Await.value(hub.start());
        Gateway gateway = Gateway.builder(hub, resources)
                .config(GatewayConfig.builder().port(0).build())
                .build();
        OpenLoad load = new OpenLoad(Await.value(gateway.start()).getPort(), SERVERS);
        double capacity = load.run(SERVERS.size() * (IN_FLIGHT - 2), WARM_UP).goodput();
        OpenLoad.Outcome once = load.run(capacity, time);
        OpenLoad.Outcome over = load.run(capacity * TIMES, time);
        load.close();
        gateway.close();
        hub.close();
        resources.close();

        double kept = over.goodput() / once.goodput();
        new Figure("overload (goodput)")
                .with("%.0f calls/s asked, %.0f/s answered in %s", once.rate(), once.goodput(), once.answering())
                .with("%.0f calls/s asked, %.0f/s answered in %s", over.rate(), over.goodput(), over.answering())
                .with("%.0f/s refused in %s", over.rate() - over.goodput(), over.refusing())
                .target(kept >= 0.9, "goodput %.0f %% of target 90 %%", kept * 100)
                .print();
        assertEquals(List.of(), load.surprises());
        assertEquals(load.answered(), seen(), "what servers saw is what was answered, each once");
    }

    private Hub hub(HubResources resources) {
        Stub stub = new Stub(folder);
        ServerLimits defaults = ServerLimits.DEFAULT;
        HubBuilder builder = AgentHub.builder().resources(resources);
        for (String name : SERVERS) {
            builder.server(stub.server(name, "work=2", "journal=" + folder.resolve(name + ".journal"))
                    .limits(new ServerLimits(
                            IN_FLIGHT, defaults.maxQueuedBytes(), defaults.maxWaiting(), defaults.maxFrameBytes()))
                    .build());
        }
        return builder.build();
    }

    private Set<Integer> seen() throws IOException {
        Set<Integer> seen = new HashSet<>();
        for (String name : SERVERS) {
            for (String nonce : Files.readAllLines(folder.resolve(name + ".journal"))) {
                assertTrue(seen.add(Integer.parseInt(nonce)), () -> nonce + " was seen twice");
            }
        }
        return seen;
    }
}
