package io.agenthub.core;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
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
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.hub.ConfigurationWatch;
import io.agenthub.core.internal.hub.HubParts;
import io.agenthub.core.internal.hub.LastingOptions;
import io.agenthub.core.internal.hub.SupervisedHub;
import io.agenthub.core.internal.pinning.PinFile;
import io.agenthub.core.internal.spi.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private HubConfig fileAtStart = config;
    private final Map<String, Consumer<Settings>> sectionReaders = new LinkedHashMap<>();
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
     * is taken from the environment. A section that is not the hub's own has to be asked for by {@link #section}, before or after,
     * or else it is an unknown key that {@link #build} refuses; {@code gateway} has not.
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
        fileAtStart = readFile.get();
        return config(fileAtStart);
    }

    /**
     * A part of the configuration that is not the hub's own, such as a gateway's.
     *
     * @param name the key it stands under
     * @return its settings; empty if it is not there
     */
    public Optional<Settings> section(String name) {
        sectionReaders.putIfAbsent(name, settings -> {});
        return Optional.ofNullable(config.sections().get(name));
    }

    /**
     * Reads a part of the configuration that is not the hub's own, such as a gateway's: now, and again whenever the configuration
     * file changes, so that a change which the next start would refuse is refused at once. What is read of a changed file is not
     * handed on: it takes effect with the next start.
     *
     * @param <T> what it is read into
     * @param name the key it stands under
     * @param reader is given the settings, empty ones if they are not there; on this thread now, on one that may block later
     * @return what was read now
     * @throws ConfigurationException if the reader cannot use them
     */
    public <T> T section(String name, Function<Settings, T> reader) {
        sectionReaders.put(name, settings -> Objects.requireNonNull(reader.apply(settings)));
        return reader.apply(settings(config, name));
    }

    private static Settings settings(HubConfig whole, String name) {
        return whole.sections().getOrDefault(name, Settings.empty(name));
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
        if (readFile != null) {
            refuseUnread(fileAtStart, sectionReaders.keySet());
        }
        HubConfig complete = withServers(config);
        HubResources threads = resources != null ? resources : HubResources.create();
        Supplier<CompletionStage<Void>> release = resources != null ? () -> Promise.done() : threads::closeAsync;
        List<AsyncCloseable> enhancing = new ArrayList<>();
        try {
            return new SupervisedHub(parts(complete, maker(threads), threads, enhancing, release));
        } catch (RuntimeException | Error e) {
            enhancing.forEach(AsyncCloseable::closeAsync);
            if (resources == null) {
                threads.closeAsync();
            }
            throw e;
        }
    }

    /** A file can hold the sections of others that read it; one that nobody reads is a mistake. */
    private static void refuseUnread(HubConfig file, Set<String> read) {
        List<String> known = new ArrayList<>(LastingOptions.keys());
        known.add("gateway");
        known.addAll(read);
        file.sections().forEach((name, settings) -> {
            try {
                Settings.of("", Map.of(name, "")).allowOnly(known);
            } catch (ConfigurationException e) {
                throw settings.error("", e.problem());
            }
        });
    }

    private PartMaker maker(HubResources threads) {
        return new PartMaker(
                loader(),
                threads,
                Optional.ofNullable(dataDirectory),
                List.copyOf(supervisorProviders),
                List.copyOf(enhancerProviders),
                List.copyOf(cacheProviders),
                List.copyOf(storeProviders),
                Optional.ofNullable(enhancer),
                Optional.ofNullable(cache),
                Optional.ofNullable(store));
    }

    private HubConfig withServers(HubConfig base) {
        HubConfig.Builder whole = base.toBuilder();
        servers.forEach(whole::server);
        return whole.build();
    }

    private @Nullable ConfigurationWatch watch(HubResources threads, PartMaker maker) {
        Supplier<HubConfig> read = readFile;
        if (configFile == null || read == null || configFileCheck.isZero()) {
            return null;
        }
        HubConfig atStart = fileAtStart;
        Map<String, Consumer<Settings>> readers = Map.copyOf(sectionReaders);
        Supplier<HubConfig> checked = () -> {
            HubConfig changed = read.get();
            refuseUnread(changed, readers.keySet());
            readers.forEach((name, reader) -> reader.accept(settings(changed, name)));
            maker.tryOut(changed, atStart);
            return withServers(changed);
        };
        return new ConfigurationWatch(
                configFile, atStart, checked, configFileCheck, threads.scheduler(), threads.blockingExecutor());
    }

    private HubParts parts(
            HubConfig whole,
            PartMaker maker,
            HubResources threads,
            List<AsyncCloseable> enhancing,
            Supplier<CompletionStage<Void>> release) {
        Enhancer usedEnhancer = maker.enhancer(whole, enhancing);
        ActivityStore usedStore = store != null ? store : maker.store(whole.activity());
        return new HubParts(
                whole,
                Providers.load("bridge", ServiceLoader.load(BridgeProvider.class, loader()), bridgeProviders),
                maker.supervisor(whole.supervisor()),
                usedEnhancer,
                List.copyOf(enhancing),
                usedStore,
                store == null,
                store == null && whole.activity().provider().equals("none"),
                List.copyOf(listeners),
                maker.context(),
                threads.callbackExecutor(),
                watch(threads, maker),
                dataDirectory == null ? null : new PinFile(dataDirectory, threads.blockingExecutor()),
                release);
    }
}
