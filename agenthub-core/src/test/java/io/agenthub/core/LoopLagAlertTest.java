package io.agenthub.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.tck.Await;
import io.agenthub.tck.MemoryActivityStore;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real hub whose event loop is blocked on purpose. */
class LoopLagAlertTest {
    @TempDir
    Path folder;

    private final List<Alert> raised = new CopyOnWriteArrayList<>();
    private final List<Alert> cleared = new CopyOnWriteArrayList<>();
    private final HubListener listener = new HubListener() {
        @Override
        public void alertRaised(Alert alert) {
            raised.add(alert);
        }

        @Override
        public void alertCleared(Alert alert) {
            cleared.add(alert);
        }
    };

    private static boolean holds(List<Alert> alerts, Alert.Kind kind, String subject) {
        return alerts.stream()
                .anyMatch(alert -> alert.kind() == kind && alert.subject().equals(subject));
    }

    @Test
    void aBlockedLoopRaisesTheAlertEverywhereAndClearsItOnceItGoesOn() throws IOException {
        MemoryActivityStore store = new MemoryActivityStore();
        HubResources resources = HubResources.builder().ioThreads(2).build();
        AtomicBoolean released = new AtomicBoolean();
        try (Recording recording = new Recording();
                Hub hub = AgentHub.builder()
                        .resources(resources)
                        .activityStore(store)
                        .listener(listener)
                        .build()) {
            recording.enable("io.agenthub.Alert");
            recording.start();
            Await.value(hub.start());
            Await.until(
                    "both loops are seen",
                    () -> hub.monitor().loops().stream()
                            .map(LoopStats::name)
                            .toList()
                            .containsAll(List.of("agenthub-io-1", "agenthub-io-2", "agenthub-control")));

            CompletableFuture<String> blocked = new CompletableFuture<>();
            CompletableFuture<Long> spun = new CompletableFuture<>();
            resources.shared(EventLoopGroup.class).orElseThrow().next().execute(() -> {
                blocked.complete(Thread.currentThread().getName());
                long turns = 0;
                while (!released.get()) {
                    turns++; // Thread.onSpinWait() would be refused here, as all that blocks
                }
                spun.complete(turns);
            });
            String loop = Await.value(blocked);
            Await.until("the lag is seen", () -> holds(raised, Alert.Kind.LOOP_LAG, loop));
            Await.until("so is the CPU it takes", () -> holds(raised, Alert.Kind.LOOP_CPU, loop));

            assertTrue(holds(hub.monitor().alerts(), Alert.Kind.LOOP_LAG, loop));
            Alert alert = raised.stream()
                    .filter(one -> one.kind() == Alert.Kind.LOOP_LAG)
                    .findFirst()
                    .orElseThrow();
            assertEquals(0.1, alert.limit());
            assertTrue(alert.value() > 0.1, alert.describe());
            assertFalse(holds(cleared, Alert.Kind.LOOP_LAG, loop), "not while it is blocked");

            released.set(true);
            assertTrue(Await.value(spun) > 0);
            Await.until("it is over", () -> holds(cleared, Alert.Kind.LOOP_LAG, loop));
            Await.until("nothing is left", () -> hub.monitor().alerts().isEmpty());
            assertTrue(hub.monitor().alertsRaised().get(Alert.Kind.LOOP_LAG) >= 1);

            Await.until("it is kept", () -> kept(store).contains("LOOP_LAG cleared"));
            assertTrue(kept(store).contains("LOOP_LAG raised"), kept(store).toString());
            assertEquals(List.of(true, false), recorded(recording, loop));
        } finally {
            released.set(true);
            Await.value(resources.closeAsync());
        }
    }

    private static List<String> kept(MemoryActivityStore store) {
        return Await.value(store.find(
                        ActivityQuery.builder().kinds(Activity.Kind.ALERT).build()))
                .activities()
                .stream()
                .map(activity -> activity.method().orElse(""))
                .toList();
    }

    /** What the flight recorder heard of a loop's lag: raised or not, in order. */
    private List<Boolean> recorded(Recording recording, String loop) throws IOException {
        Path file = folder.resolve("alerts.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getString("kind").equals("LOOP_LAG")
                        && event.getString("subject").equals(loop))
                .map((RecordedEvent event) -> event.getBoolean("raised"))
                .toList();
    }
}
