package io.agenthub.core;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ConfigurationProvider;
import io.agenthub.api.spi.EnhancementCacheProvider;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.hub.ConfigurationWatch;
import io.agenthub.core.internal.hub.HubParts;
import io.agenthub.core.internal.hub.SupervisedHub;
import io.agenthub.core.internal.pinning.PinFile;
import io.agenthub.core.internal.spi.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a hub together. Not thread-safe.
 *
 * <p>Each part is chosen by name in the {@link HubConfig} and found by {@link ServiceLoader}, or handed over here. What is
 * handed over as an instance is used and never closed by the hub.
 */
public final class HubBuilder {
    private HubConfig config = HubConfig.builder().build();
    private final List<ServerSpec> servers = new ArrayList<>();
    private final List<BridgeProvider> bridgeProviders = new ArrayList<>();
    private final List<SupervisorProvider> supervisorProviders = new ArrayList<>();
    private final List<EnhancerProvider> enhancerProviders = new ArrayList<>();
    private final List<EnhancementCacheProvider> cacheProviders = new ArrayList<>();
    private final List<ActivityStoreProvider> storeProviders = new ArrayList<>();
    private final List<HubListener> listeners = new ArrayList<>();
    private @Nullable Enhancer enhancer;
    private @Nullable EnhancementCache cache;
    private @Nullable ActivityStore store;
    private @Nullable HubResources resources;
    private @Nullable Path dataDirectory;
    private @Nullable ClassLoader classLoader;
    private @Nullable Path configFile;
    private @Nullable Supplier<HubConfig> readFile;
    private Duration configFileCheck = Duration.ofSeconds(1);

    HubBuilder() {}

    /**
     * Takes over a configuration, replacing the one taken before. Servers added with {@link #server} stay.
     *
     * @param value the configuration
     * @return this
     */
    public HubBuilder config(HubConfig value) {
        config = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Reads a configuration file now, on this thread, and again whenever it changes while the hub runs; {@code ${NAME}} in it
     * is taken from the environment.
     *
     * @param file the file
     * @return this
     * @throws ConfigurationException if it cannot be used; the message names the place
     */
    public HubBuilder configFile(Path file) {
        ConfigurationProvider reader = Providers.load(
                        "configuration", ServiceLoader.load(ConfigurationProvider.class, loader()), List.of())
                .get("mcp-servers", file.toString());
        configFile = file;
        readFile = () -> reader.read(file, name -> Optional.ofNullable(System.getenv(name)));
        return config(readFile.get());
    }

    /**
     * A part of the configuration that is not the hub's own, such as a gateway's.
     *
     * @param name the key it stands under
     * @return its settings; empty if it is not there
     */
    public Optional<Settings> section(String name) {
        return Optional.ofNullable(config.sections().get(name));
    }

    /**
     * How often a configuration file is looked at for changes.
     *
     * @param value 10 ms or more, default 1 s; zero means never
     * @return this
     * @throws IllegalArgumentException if it is negative or shorter
     */
    public HubBuilder configFileCheck(Duration value) {
        if (!value.isZero() && value.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("configFileCheck is " + value + ", must be zero or at least 10 ms");
        }
        configFileCheck = value;
        return this;
    }

    /**
     * Adds a server to those of the configuration.
     *
     * @param spec how it is run
     * @return this
     */
    public HubBuilder server(ServerSpec spec) {
        servers.add(Objects.requireNonNull(spec));
        return this;
    }

    /**
     * Adds a bridge provider; it wins over one of the same name on the class path.
     *
     * @param provider the provider
     * @return this
     */
    public HubBuilder bridge(BridgeProvider provider) {
        bridgeProviders.add(Objects.requireNonNull(provider));
        return this;
    }

    /**
     * Uses this supervisor provider, whatever the configuration names.
     *
     * @param provider the provider
     * @return this
     */
    public HubBuilder supervisor(SupervisorProvider provider) {
        supervisorProviders.add(Objects.requireNonNull(provider));
        config = config.toBuilder().supervisor(PartChoice.of(provider.name())).build();
        return this;
    }

    /**
     * Adds an enhancer provider, for the configuration to name.
     *
     * @param provider the provider
     * @return this
     */
    public HubBuilder enhancer(EnhancerProvider provider) {
        enhancerProviders.add(Objects.requireNonNull(provider));
        return this;
    }

    /**
     * Uses this enhancer, whatever the configuration names.
     *
     * @param value the enhancer; the hub does not close it
     * @return this
     */
    public HubBuilder enhancer(Enhancer value) {
        enhancer = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Adds a provider of caches of improved prompts, for the configuration to name.
     *
     * @param provider the provider
     * @return this
     */
    public HubBuilder enhancementCache(EnhancementCacheProvider provider) {
        cacheProviders.add(Objects.requireNonNull(provider));
        return this;
    }

    /**
     * Lends this cache to the enhancer, whatever the configuration names.
     *
     * @param value the cache, possibly shared with other hubs; the hub does not close it
     * @return this
     */
    public HubBuilder enhancementCache(EnhancementCache value) {
        cache = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Adds an activity store provider, for the configuration to name.
     *
     * @param provider the provider
     * @return this
     */
    public HubBuilder activityStore(ActivityStoreProvider provider) {
        storeProviders.add(Objects.requireNonNull(provider));
        return this;
    }

    /**
     * Uses this activity store, whatever the configuration names.
     *
     * @param value the store; the hub opens it and does not close it
     * @return this
     */
    public HubBuilder activityStore(ActivityStore value) {
        store = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Adds a listener.
     *
     * @param value hears what happens
     * @return this
     */
    public HubBuilder listener(HubListener value) {
        listeners.add(Objects.requireNonNull(value));
        return this;
    }

    /**
     * Shares threads with other hubs.
     *
     * @param value the resources; the hub does not close them. Default: the hub makes its own
     * @return this
     */
    public HubBuilder resources(HubResources value) {
        resources = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Where parts may keep files, and the hub what it knows of the tools of its servers: {@code tool-pins.json} there, so that a
     * changed tool is found although the hub was started anew meanwhile.
     *
     * @param value an existing folder that only this user can read. Default: none
     * @return this
     */
    public HubBuilder dataDirectory(Path value) {
        dataDirectory = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Where providers are looked for.
     *
     * @param value default the context class loader of the building thread
     * @return this
     */
    public HubBuilder classLoader(ClassLoader value) {
        classLoader = Objects.requireNonNull(value);
        return this;
    }

    private ClassLoader loader() {
        if (classLoader != null) {
            return classLoader;
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : HubBuilder.class.getClassLoader();
    }

    /**
     * Makes the hub; no I/O.
     *
     * @return a hub that is not started
     * @throws ConfigurationException if a part is unknown or a setting cannot be used
     */
    public Hub build() {
        HubConfig complete = withServers(config);
        ClassLoader loader = loader();
        HubResources threads = resources != null ? resources : HubResources.create();
        Supplier<CompletionStage<Void>> release = resources != null ? () -> Promise.done() : threads::closeAsync;
        List<AsyncCloseable> enhancing = new ArrayList<>();
        try {
            return new SupervisedHub(parts(complete, loader, threads, enhancing, release));
        } catch (RuntimeException | Error e) {
            enhancing.forEach(AsyncCloseable::closeAsync);
            if (resources == null) {
                threads.closeAsync();
            }
            throw e;
        }
    }

    private HubConfig withServers(HubConfig base) {
        HubConfig.Builder whole = base.toBuilder();
        servers.forEach(whole::server);
        return whole.build();
    }

    private @Nullable ConfigurationWatch watch(HubResources threads) {
        Supplier<HubConfig> read = readFile;
        if (configFile == null || read == null || configFileCheck.isZero()) {
            return null;
        }
        return new ConfigurationWatch(
                configFile,
                () -> withServers(read.get()),
                configFileCheck,
                threads.scheduler(),
                threads.blockingExecutor());
    }

    private HubParts parts(
            HubConfig whole,
            ClassLoader loader,
            HubResources threads,
            List<AsyncCloseable> enhancing,
            Supplier<CompletionStage<Void>> release) {
        // What the hub calls itself may complete anywhere.
        ProviderContext context = lent(threads, Runnable::run, null);
        Enhancer usedEnhancer = enhancer != null ? enhancer : makeEnhancer(whole, loader, threads, enhancing);
        ActivityStore usedStore = store != null
                ? store
                : Providers.load(
                                "activity store",
                                ServiceLoader.load(ActivityStoreProvider.class, loader),
                                storeProviders)
                        .get(whole.activity().provider(), "activity")
                        .create(whole.activity().settings(), context);
        return new HubParts(
                whole,
                Providers.load("bridge", ServiceLoader.load(BridgeProvider.class, loader), bridgeProviders),
                Providers.load("supervisor", ServiceLoader.load(SupervisorProvider.class, loader), supervisorProviders)
                        .get(whole.supervisor().provider(), "supervisor"),
                usedEnhancer,
                List.copyOf(enhancing),
                usedStore,
                store == null,
                store == null && whole.activity().provider().equals("none"),
                List.copyOf(listeners),
                context,
                threads.callbackExecutor(),
                watch(threads),
                dataDirectory == null ? null : new PinFile(dataDirectory, threads.blockingExecutor()),
                release);
    }

    private Enhancer makeEnhancer(
            HubConfig whole, ClassLoader loader, HubResources threads, List<AsyncCloseable> owned) {
        // What an embedder calls completes where embedders expect it.
        Executor executor = threads.callbackExecutor();
        String name = whole.enhancer().provider();
        String cacheName = whole.enhancementCache().provider();
        EnhancementCache usedCache = cache;
        if (usedCache == null && !name.equals("none") && !cacheName.equals("none")) {
            usedCache = Providers.load(
                            "enhancement cache",
                            ServiceLoader.load(EnhancementCacheProvider.class, loader),
                            cacheProviders)
                    .get(cacheName, "enhancementCache")
                    .create(whole.enhancementCache().settings(), lent(threads, executor, null));
            owned.add(usedCache);
        }
        Enhancer made = Providers.load(
                        "enhancer", ServiceLoader.load(EnhancerProvider.class, loader), enhancerProviders)
                .get(name, "enhancer")
                .create(whole.enhancer().settings(), lent(threads, executor, usedCache));
        // Closed before the cache that it uses.
        owned.add(0, made);
        return made;
    }

    private ProviderContext lent(HubResources threads, Executor executor, @Nullable EnhancementCache usedCache) {
        return new Lent(threads, executor, Optional.ofNullable(dataDirectory), Optional.ofNullable(usedCache));
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
