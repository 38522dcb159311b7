package io.agenthub.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.HubThread;
import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.parts.NoActivityStoreProvider;
import io.agenthub.core.internal.supervise.BackoffSupervisorProvider;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AgentHubTest {
    private final FakeBridgeProvider bridges = new FakeBridgeProvider();

    private void holdCalls() {
        bridges.connector("a").preparing(bridge -> bridge.otherwise(call -> {}));
    }

    /** Answers the one call that is held, once it is there. */
    private void answer() {
        Await.until(
                "the call is under way",
                () -> !bridges.connector("a").bridges().isEmpty()
                        && !bridges.connector("a").bridge().calls().isEmpty());
        bridges.connector("a").bridge().calls().get(0).error(1, "answered");
    }

    private HubBuilder builder() {
        return AgentHub.builder()
                .bridge(bridges)
                .server(ServerSpec.builder("a", "fake").build());
    }

    @Test
    void stagesCompleteOnTheCallbackExecutor() {
        holdCalls();
        try (Hub hub = builder().build()) {
            Await.value(hub.start());
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            hub.server("a")
                    .request("x", null, CallOptions.DEFAULT)
                    .whenComplete((outcome, failure) -> thread.complete(Thread.currentThread()));
            answer();
            HubThread callback = assertInstanceOf(HubThread.class, Await.value(thread));
            assertTrue(callback.mayBlock());
        }
    }

    @Test
    void anEmbeddersExecutorIsUsedAndNotClosed() {
        holdCalls();
        ExecutorService own = Executors.newSingleThreadExecutor(task -> new Thread(task, "embedder"));
        HubResources resources =
                HubResources.builder().ioThreads(1).callbackExecutor(own).build();
        try (Hub hub = builder().resources(resources).build()) {
            Await.value(hub.start());
            CompletableFuture<String> thread = new CompletableFuture<>();
            hub.server("a")
                    .request("x", null, CallOptions.DEFAULT)
                    .whenComplete((outcome, failure) ->
                            thread.complete(Thread.currentThread().getName()));
            answer();
            assertEquals("embedder", Await.value(thread));
        }
        Await.value(resources.closeAsync());
        assertFalse(own.isShutdown());
        own.shutdown();
    }

    @Test
    void anEmbeddersExecutorThatWasShutDownLosesNoAnswer() {
        holdCalls();
        ExecutorService own = Executors.newSingleThreadExecutor();
        HubResources resources = HubResources.builder().callbackExecutor(own).build();
        try (Hub hub = builder().resources(resources).build()) {
            Await.value(hub.start());
            CompletableFuture<RpcOutcome> stage =
                    hub.server("a").request("x", null, CallOptions.DEFAULT).toCompletableFuture();
            Await.until(
                    "the call is under way",
                    () -> !bridges.connector("a").bridges().isEmpty()
                            && !bridges.connector("a").bridge().calls().isEmpty());
            own.shutdownNow();
            answer();
            assertInstanceOf(RpcOutcome.class, Await.value(stage));
        }
        Await.value(resources.closeAsync());
    }

    @Test
    void closeRefusesToRunOnAThreadOfTheHub() {
        holdCalls();
        try (Hub hub = builder().build()) {
            Await.value(hub.start());
            CompletionStage<Void> closing =
                    hub.server("a").request("x", null, CallOptions.DEFAULT).thenAccept(outcome -> hub.close());
            answer();
            Throwable refusal = Await.failure(closing);
            Throwable cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
            assertInstanceOf(IllegalStateException.class, cause);
        }
    }

    @Test
    void nothingOfAHubOutlivesIt() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 20; i++) {
            Hub hub = builder().build();
            Await.value(hub.start());
            Await.value(hub.server("a").start());
            hub.close();
        }
        Await.until(
                "all threads of the hubs have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread instanceof HubThread && !before.contains(thread)));
    }

    @Test
    void partsAreFoundByNameAndAnUnknownNameListsTheKnownOnes() {
        ConfigurationException unknown = assertThrows(
                ConfigurationException.class,
                () -> builder()
                        .config(HubConfig.builder()
                                .enhancer(PartChoice.of("crystal-ball"))
                                .build())
                        .build());
        assertTrue(unknown.getMessage().contains("known: "), unknown.getMessage());
        assertTrue(unknown.getMessage().contains("none"), unknown.getMessage());
        assertThrows(
                ConfigurationException.class,
                () -> AgentHub.builder()
                        .server(ServerSpec.builder("b", "no-such-bridge").build())
                        .build());
        assertThrows(
                ConfigurationException.class,
                () -> builder()
                        .config(HubConfig.builder()
                                .activity(new PartChoice("none", Settings.of("activity", java.util.Map.of("x", 1))))
                                .build())
                        .build());
    }

    @Test
    void instancesHandedOverAreUsedAndNotClosed() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        io.agenthub.api.enhance.Enhancer shouting = new io.agenthub.api.enhance.Enhancer() {
            @Override
            public java.util.concurrent.CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
                return Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "shouting"));
            }

            @Override
            public java.util.concurrent.CompletionStage<Void> closeAsync() {
                closed.complete(null);
                return Promise.done();
            }
        };
        try (Hub hub = builder().enhancer(shouting).build()) {
            Await.value(hub.start());
            assertEquals(
                    "shouting",
                    Await.value(hub.enhancer().enhance(Prompt.of("hi")))
                            .reason()
                            .orElseThrow());
        }
        assertFalse(closed.isDone());
    }

    @Test
    void aProviderHandedOverIsPreferred() {
        SupervisorProvider supervisor = new SupervisorProvider() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public io.agenthub.api.server.Supervisor create(
                    Settings settings,
                    io.agenthub.api.spi.ProviderContext context,
                    io.agenthub.api.server.SupervisorListener listener) {
                return new BackoffSupervisorProvider().create(settings, context, listener);
            }
        };
        ActivityStoreProvider store = new NoActivityStoreProvider();
        try (Hub hub = builder().supervisor(supervisor).activityStore(store).build()) {
            Await.value(hub.start());
            Await.value(hub.server("a").start());
        }
    }

    @Test
    void aHubThatIsNeverStartedIsClosedWithoutTrace() {
        Hub hub = builder().build();
        hub.close();
        assertEquals(List.of(), List.copyOf(bridges.connector("a").attempts()));
    }

    @Test
    void anOrdinaryTimeoutOfTheCallerCancelsTheCall() {
        bridges.connector("a").preparing(bridge -> bridge.otherwise(call -> {}));
        try (Hub hub = builder().build()) {
            Await.value(hub.start());
            Await.failure(hub.server("a")
                    .request("x", null, CallOptions.DEFAULT.withTimeout(Duration.ofMinutes(5)))
                    .toCompletableFuture()
                    .orTimeout(50, java.util.concurrent.TimeUnit.MILLISECONDS));
            Await.until(
                    "the bridge was told to give up",
                    () -> bridges.connector("a").bridge().stats().inFlight() == 0);
        }
    }
}
