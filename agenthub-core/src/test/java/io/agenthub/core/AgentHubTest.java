package io.agenthub.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.HubThread;
import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.parts.NoActivityStoreProvider;
import io.agenthub.core.internal.supervise.BackoffSupervisorProvider;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void whatIsNotItsOwnInAConfigurationIsHandedOn() {
        Settings own = Settings.of("gateway", Map.of("port", 7));
        HubBuilder builder = AgentHub.builder()
                .config(HubConfig.builder().section("gateway", own).build());
        assertEquals(Optional.of(own), builder.section("gateway"));
        assertEquals(Optional.empty(), builder.section("window"));
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
        Enhancer shouting = new Enhancer() {
            @Override
            public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
                return Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "shouting"));
            }

            @Override
            public CompletionStage<Void> closeAsync() {
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

    /** An enhancer that tells what it was lent and when it was closed. */
    private static final class CuriousEnhancer implements Enhancer, EnhancerProvider {
        Optional<EnhancementCache> lent = Optional.empty();
        boolean cacheWasOpen;

        @Override
        public String name() {
            return "curious";
        }

        @Override
        public Enhancer create(Settings settings, ProviderContext context) {
            lent = context.shared(EnhancementCache.class);
            return this;
        }

        @Override
        public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
            return Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "curious"));
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            cacheWasOpen = lent.isPresent() && keeps(lent.get());
            return Promise.done();
        }
    }

    private static boolean keeps(EnhancementCache cache) {
        EnhancementKey key = new EnhancementKey(Optional.empty(), "m", "r", "text");
        cache.put(key, Enhancement.made("better", "m"));
        return cache.stats().entries() > 0;
    }

    private static HubConfig curious(PartChoice cache) {
        return HubConfig.builder()
                .enhancer(PartChoice.of("curious"))
                .enhancementCache(cache)
                .build();
    }

    @Test
    void theEnhancerIsLentACacheThatIsClosedAfterIt() {
        CuriousEnhancer curious = new CuriousEnhancer();
        Settings small = Settings.of("enhancementCache", Map.of("maxBytes", "64KiB"));
        try (Hub hub = builder()
                .config(curious(new PartChoice("caffeine", small)))
                .enhancer((EnhancerProvider) curious)
                .build()) {
            Await.value(hub.start());
            assertEquals(65_536, curious.lent.orElseThrow().stats().maxWeightBytes());
        }
        assertTrue(curious.cacheWasOpen);
        assertFalse(keeps(curious.lent.orElseThrow()), "the cache is closed");
    }

    @Test
    void aCacheHandedOverIsLentAndNotClosed() {
        CuriousEnhancer first = new CuriousEnhancer();
        CuriousEnhancer second = new CuriousEnhancer();
        try (Hub owner = builder()
                .config(curious(PartChoice.of("caffeine")))
                .enhancer((EnhancerProvider) first)
                .build()) {
            EnhancementCache shared = first.lent.orElseThrow();

            builder()
                    .config(curious(PartChoice.of("none")))
                    .enhancer((EnhancerProvider) second)
                    .enhancementCache(shared)
                    .build()
                    .close();

            assertSame(shared, second.lent.orElseThrow());
            assertTrue(keeps(shared));
            assertEquals(HubState.NEW, owner.state());
        }
    }

    @Test
    void withoutACacheNoneIsLentAndAnUnknownOneIsNamed() {
        CuriousEnhancer curious = new CuriousEnhancer();
        builder()
                .config(curious(PartChoice.of("none")))
                .enhancer((EnhancerProvider) curious)
                .build()
                .close();
        assertEquals(Optional.empty(), curious.lent);

        ConfigurationException unknown = assertThrows(
                ConfigurationException.class,
                () -> builder()
                        .config(curious(PartChoice.of("redis")))
                        .enhancer((EnhancerProvider) curious)
                        .build());
        assertTrue(unknown.getMessage().contains("known: caffeine"), unknown.getMessage());
    }

    @Test
    void aCacheThatNothingUsesHasToBeRightAllTheSame() {
        for (PartChoice wrong : List.of(
                PartChoice.of("nope"),
                new PartChoice("caffeine", Settings.of("enhancementCache", Map.of("maxBytes", "x"))),
                new PartChoice("none", Settings.of("enhancementCache", Map.of("maxBytes", "1MiB"))))) {
            ConfigurationException refusal = assertThrows(
                    ConfigurationException.class,
                    () -> builder()
                            .config(HubConfig.builder().enhancementCache(wrong).build())
                            .build());
            assertTrue(refusal.path().startsWith("enhancementCache"), refusal.getMessage());
        }
        builder()
                .config(HubConfig.builder()
                        .enhancementCache(
                                new PartChoice("caffeine", Settings.of("enhancementCache", Map.of("maxBytes", "1MiB"))))
                        .build())
                .build()
                .close();
    }

    @Test
    void whatWasMadeForAHubThatCannotBeBuiltIsClosed() {
        CuriousEnhancer curious = new CuriousEnhancer();

        assertThrows(
                ConfigurationException.class,
                () -> builder()
                        .config(curious(PartChoice.of("caffeine")).toBuilder()
                                .activity(PartChoice.of("unknown"))
                                .build())
                        .enhancer((EnhancerProvider) curious)
                        .build());

        assertTrue(curious.cacheWasOpen);
        assertFalse(keeps(curious.lent.orElseThrow()));
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
