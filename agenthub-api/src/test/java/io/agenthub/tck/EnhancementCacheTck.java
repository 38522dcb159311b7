package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.spi.ProviderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EnhancementCache} keeps. Extend it, and name the cache in {@link #create}. */
public abstract class EnhancementCacheTck {
    private final TckContext context = TckContext.real();
    private final AtomicInteger loads = new AtomicInteger();
    private EnhancementCache cache;

    /** For subclasses. */
    protected EnhancementCacheTck() {}

    /**
     * Makes an empty cache with room for 1,000 short improvements that keep for minutes.
     *
     * @param context what a hub lends
     * @return the cache
     */
    protected abstract EnhancementCache create(ProviderContext context);

    @BeforeEach
    final void createCache() {
        cache = create(context);
    }

    @AfterEach
    final void closeCache() {
        cache.close();
        context.close();
    }

    private static EnhancementKey key(String text) {
        return new EnhancementKey(Optional.of("client"), "model", "rule", text);
    }

    private Supplier<CompletionStage<Enhancement>> making(String text) {
        return () -> {
            loads.incrementAndGet();
            return Promise.succeeded(Enhancement.made(text, "model"));
        };
    }

    /** A load that the test ends. */
    private static final class OpenLoad extends Promise<Enhancement> {
        private final AtomicBoolean cancelled = new AtomicBoolean();

        OpenLoad() {
            super(Runnable::run);
        }

        @Override
        protected void onCancel() {
            cancelled.set(true);
        }
    }

    private Supplier<CompletionStage<Enhancement>> loading(OpenLoad load) {
        return () -> {
            loads.incrementAndGet();
            return load;
        };
    }

    @Test
    final void anImprovementIsMadeOnceAndThenComesFromTheCache() {
        Enhancement first = Await.value(cache.get(key("a"), making("A")));
        Enhancement second = Await.value(cache.get(key("a"), making("B")));

        assertEquals("A", first.text());
        assertFalse(first.cached());
        assertEquals("A", second.text());
        assertTrue(second.cached());
        assertEquals("model", second.model());
        assertEquals(1, loads.get());
    }

    @Test
    final void nothingIsSharedBetweenKeysThatDifferInAnyPart() {
        List<EnhancementKey> keys = List.of(
                key("a"),
                key("b"),
                new EnhancementKey(Optional.empty(), "model", "rule", "a"),
                new EnhancementKey(Optional.of(""), "model", "rule", "a"),
                new EnhancementKey(Optional.of("other"), "model", "rule", "a"),
                new EnhancementKey(Optional.of("client"), "modelr", "ule", "a"),
                new EnhancementKey(Optional.of("client"), "model", "rulea", ""));

        for (int i = 0; i < keys.size(); i++) {
            assertEquals(
                    "improved " + i,
                    Await.value(cache.get(keys.get(i), making("improved " + i))).text());
        }
        for (int i = 0; i < keys.size(); i++) {
            assertEquals(
                    "improved " + i,
                    Await.value(cache.get(keys.get(i), making("again"))).text());
        }
        assertEquals(keys.size(), loads.get());
    }

    @Test
    final void sixtyFourWhoAskAtOnceShareOneLoad() throws InterruptedException {
        OpenLoad load = new OpenLoad();
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Enhancement>> stages = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                CompletableFuture<Enhancement> stage =
                        cache.get(key("a"), loading(load)).toCompletableFuture();
                synchronized (stages) {
                    stages.add(stage);
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(1, loads.get());
        assertTrue(stages.stream().noneMatch(CompletableFuture::isDone));
        load.succeed(Enhancement.made("A", "model"));

        assertEquals(64, stages.size());
        stages.forEach(stage -> assertEquals("A", Await.value(stage).text()));
        assertEquals(1, loads.get());
    }

    @Test
    final void whoAsksWhileALoadEndsFindsWhatItBrought() throws InterruptedException {
        int prompts = 5_000;
        AtomicInteger arrived = new AtomicInteger();
        Runnable asking = () -> {
            try {
                for (int i = 0; i < prompts; i++) {
                    arrived.incrementAndGet();
                    while (arrived.get() < 2 * (i + 1)) {
                        Thread.onSpinWait();
                    }
                    Await.value(cache.get(key("prompt " + i), making("A")));
                }
            } finally {
                arrived.addAndGet(2 * prompts); // the other one need not wait for this one any more
            }
        };
        Thread other = new Thread(asking);
        other.start();
        asking.run();
        other.join();

        assertEquals(prompts, loads.get());
    }

    @Test
    final void oneCallersCancelDoesNotDisturbTheOthers() {
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> first = cache.get(key("a"), loading(load));
        CompletionStage<Enhancement> second = cache.get(key("a"), loading(load));
        assertNotEquals(first, second);

        first.toCompletableFuture().cancel(true);

        assertFalse(load.cancelled.get());
        load.succeed(Enhancement.made("A", "model"));
        assertEquals("A", Await.value(second).text());
        assertEquals("A", Await.value(cache.get(key("a"), making("B"))).text());
    }

    @Test
    final void theLoadIsCancelledWhenTheLastWhoWaitsHasLeftAndTheNextLoadsAgain() {
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> first = cache.get(key("a"), loading(load));
        CompletionStage<Enhancement> second = cache.get(key("a"), loading(load));

        first.toCompletableFuture().cancel(true);
        second.toCompletableFuture().cancel(true);

        assertTrue(load.cancelled.get());
        assertEquals("B", Await.value(cache.get(key("a"), making("B"))).text());
        assertEquals(2, loads.get());
    }

    @Test
    final void aFailureReachesAllWhoWaitUnwrappedAndIsNotKept() {
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> first = cache.get(key("a"), loading(load));
        CompletionStage<Enhancement> second = cache.get(key("a"), loading(load));
        IllegalStateException failure = new IllegalStateException("no model");

        load.fail(failure);

        assertSame(failure, Await.failure(first));
        assertSame(failure, Await.failure(second));
        assertEquals("B", Await.value(cache.get(key("a"), making("B"))).text());
    }

    @Test
    final void aLoaderThatThrowsOrReturnsNullFailsTheStage() {
        IllegalStateException thrown = new IllegalStateException("broken");

        assertSame(thrown, Await.failure(cache.get(key("a"), () -> {
            throw thrown;
        })));
        Await.failure(cache.get(key("a"), () -> null));
        assertEquals("B", Await.value(cache.get(key("a"), making("B"))).text());
    }

    @Test
    final void whatIsPutTakesThePlaceOfWhatWasThere() {
        Await.value(cache.get(key("a"), making("A")));

        cache.put(key("a"), Enhancement.made("B", "other"));

        Enhancement found = Await.value(cache.get(key("a"), making("C")));
        assertEquals("B", found.text());
        assertEquals("other", found.model());
        assertTrue(found.cached());
    }

    @Test
    final void whatIsPutIsNotReplacedByALoadThatBeganBefore() {
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> older = cache.get(key("a"), loading(load));

        cache.put(key("a"), Enhancement.made("newer", "model"));
        assertEquals(
                "newer", Await.value(cache.get(key("a"), making("unwanted"))).text());
        load.succeed(Enhancement.made("older", "model"));

        assertEquals("older", Await.value(older).text());
        assertEquals(
                "newer", Await.value(cache.get(key("a"), making("unwanted"))).text());
    }

    @Test
    final void clearingDropsEverythingAndWhatIsBeingLoadedIsNotKept() {
        Await.value(cache.get(key("a"), making("A")));
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> under = cache.get(key("b"), loading(load));

        cache.clear();
        load.succeed(Enhancement.made("B", "model"));

        assertEquals("B", Await.value(under).text());
        assertEquals("new A", Await.value(cache.get(key("a"), making("new A"))).text());
        assertEquals("new B", Await.value(cache.get(key("b"), making("new B"))).text());
    }

    @Test
    final void hitsMissesAndLoadsAreCountedUntilItIsCleared() {
        Await.value(cache.get(key("a"), making("A")));
        Await.value(cache.get(key("a"), making("A")));
        Await.value(cache.get(key("a"), making("A")));
        Await.failure(cache.get(key("b"), () -> Promise.failed(new IllegalStateException("no model"))));

        assertEquals(2, cache.stats().hits());
        assertEquals(2, cache.stats().misses());
        assertEquals(1, cache.stats().loads());
        assertEquals(1, cache.stats().loadFailures());
        assertEquals(1, cache.stats().entries());
        assertTrue(cache.stats().weightBytes() > 0);
        assertTrue(cache.stats().weightBytes() <= cache.stats().maxWeightBytes());
        assertEquals(0.5, cache.stats().hitRate());

        cache.clear();

        assertEquals(
                0, cache.stats().hits() + cache.stats().misses() + cache.stats().entries());
    }

    @Test
    final void theCacheStaysWithinItsBound() {
        String text = "x".repeat(10_000);
        for (int i = 0; i < 20_000; i++) {
            cache.put(key("prompt " + i), Enhancement.made(text, "model"));
        }

        assertTrue(cache.stats().weightBytes() <= cache.stats().maxWeightBytes(), () -> "" + cache.stats());
        assertTrue(cache.stats().evictions() > 0);
    }

    @Test
    final void stagesKeepTheStageContract() {
        OpenLoad load = new OpenLoad();
        CompletionStage<Enhancement> open = cache.get(key("a"), loading(load));
        StageContract.assertOnlyTheHubCompletes(open);
        CompletionStage<Thread> completedOn = open.thenApply(enhancement -> Thread.currentThread());

        new Thread(() -> load.succeed(Enhancement.made("A", "model"))).start();

        assertTrue(TckContext.isCallback(Await.value(completedOn)));
        assertThrows(NullPointerException.class, () -> cache.get(null, making("A")));
        assertThrows(NullPointerException.class, () -> cache.get(key("a"), null));
        StageContract.assertClosesOnce(cache);
    }
}
