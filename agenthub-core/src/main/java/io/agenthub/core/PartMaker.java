package io.agenthub.core;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.EnhancementCacheProvider;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.Provider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.spi.Providers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;

/**
 * Makes the parts that a configuration chooses. Immutable.
 *
 * @param loader where providers are looked for
 * @param threads are lent to the parts
 * @param dataDirectory is lent to the parts
 * @param supervisors providers handed over
 * @param enhancers providers handed over
 * @param caches providers handed over
 * @param stores providers handed over
 * @param enhancer used whatever a configuration chooses
 * @param cache used whatever a configuration chooses
 * @param store used whatever a configuration chooses
 */
record PartMaker(
        ClassLoader loader,
        HubResources threads,
        Optional<Path> dataDirectory,
        List<SupervisorProvider> supervisors,
        List<EnhancerProvider> enhancers,
        List<EnhancementCacheProvider> caches,
        List<ActivityStoreProvider> stores,
        Optional<Enhancer> enhancer,
        Optional<EnhancementCache> cache,
        Optional<ActivityStore> store) {

    /** What is lent to the parts that the hub calls itself; those may complete anywhere. */
    ProviderContext context() {
        return new Lent(threads, Runnable::run, dataDirectory, Optional.empty());
    }

    SupervisorProvider supervisor(PartChoice choice) {
        return chosen(
                Providers.load("supervisor", ServiceLoader.load(SupervisorProvider.class, loader), supervisors),
                choice,
                "supervisor");
    }

    ActivityStore store(PartChoice choice) {
        return chosen(
                        Providers.load(
                                "activity store", ServiceLoader.load(ActivityStoreProvider.class, loader), stores),
                        choice,
                        "activity")
                .create(choice.settings(), context());
    }

    private static <P extends Provider> P chosen(Providers<P> providers, PartChoice choice, String key) {
        try {
            return providers.get(choice.provider(), key);
        } catch (ConfigurationException e) {
            // One that was made in code does not know where it stands.
            throw choice.settings().path().endsWith("." + key)
                    ? choice.settings().error("", e.problem())
                    : e;
        }
    }

    /**
     * The enhancer, with the cache that it is lent.
     *
     * @param owned takes what is made, in the order in which it is to be closed
     */
    Enhancer enhancer(HubConfig whole, List<AsyncCloseable> owned) {
        boolean used = enhancer.isEmpty() && !whole.enhancer().provider().equals("none");
        // What an embedder calls completes where embedders expect it.
        Executor executor = threads.callbackExecutor();
        Optional<EnhancementCache> lent = cache.isPresent() ? cache : cache(whole.enhancementCache(), executor, used);
        if (cache.isEmpty()) {
            lent.ifPresent(owned::add);
        }
        if (enhancer.isPresent()) {
            return enhancer.get();
        }
        Enhancer made = chosen(
                        Providers.load("enhancer", ServiceLoader.load(EnhancerProvider.class, loader), enhancers),
                        whole.enhancer(),
                        "enhancer")
                .create(whole.enhancer().settings(), new Lent(threads, executor, dataDirectory, lent));
        // Closed before the cache that it uses.
        owned.add(0, made);
        return made;
    }

    /** A cache that nothing uses is made only where it could be wrong, since it has to be right all the same. */
    private Optional<EnhancementCache> cache(PartChoice choice, Executor executor, boolean used) {
        if (choice.provider().equals("none")) {
            choice.settings().allowOnly(List.of());
            return Optional.empty();
        }
        if (!used && choice.equals(HubConfig.builder().build().enhancementCache())) {
            return Optional.empty();
        }
        EnhancementCache made = chosen(
                        Providers.load(
                                "enhancement cache",
                                ServiceLoader.load(EnhancementCacheProvider.class, loader),
                                caches),
                        choice,
                        "enhancementCache")
                .create(choice.settings(), new Lent(threads, executor, dataDirectory, Optional.empty()));
        return Optional.of(made);
    }

    /**
     * Makes the parts that a changed configuration chooses otherwise, as the next start would, and closes them.
     *
     * @throws ConfigurationException if one cannot be made
     */
    void tryOut(HubConfig changed, HubConfig before) {
        List<AsyncCloseable> made = new ArrayList<>();
        try {
            if (supervisors.isEmpty() && !changed.supervisor().equals(before.supervisor())) {
                made.add(supervisor(changed.supervisor())
                        .create(changed.supervisor().settings(), context(), new Unconcerned()));
            }
            if (!changed.enhancer().equals(before.enhancer())
                    || !changed.enhancementCache().equals(before.enhancementCache())) {
                enhancer(changed, made);
            }
            if (store.isEmpty() && !changed.activity().equals(before.activity())) {
                made.add(store(changed.activity()));
            }
        } finally {
            made.forEach(AsyncCloseable::closeAsync);
        }
    }

    /** Hears of no server, as there is none. */
    private static final class Unconcerned implements SupervisorListener {
        @Override
        public void changed(ServerStatus before, ServerStatus after) {}

        @Override
        public void notified(String server, RpcNotification notification) {}
    }

    /** What the hub lends to its parts. */
    private record Lent(
            HubResources threads, Executor executor, Optional<Path> dataDirectory, Optional<EnhancementCache> cache)
            implements ProviderContext {
        @Override
        public Scheduler scheduler() {
            return threads.scheduler();
        }

        @Override
        public <T> Optional<T> shared(Class<T> type) {
            return type == EnhancementCache.class ? cache.map(type::cast) : threads.shared(type);
        }
    }
}
