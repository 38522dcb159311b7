package io.agenthub.core.internal.spi;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.spi.Provider;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of one kind of part, by name. Immutable.
 *
 * @param <P> the kind
 */
public final class Providers<P extends Provider> {
    private static final Logger log = LoggerFactory.getLogger(Providers.class);

    private final String part;
    private final Map<String, P> byName;

    private Providers(String part, Map<String, P> byName) {
        this.part = part;
        this.byName = byName;
    }

    /**
     * Takes what a service loader finds, and what the builder was handed; the latter win.
     *
     * @param <P> the kind
     * @param part what the kind is called in messages
     * @param loader finds providers; must be made by code whose module declares {@code uses}
     * @param given providers handed over by the embedder
     * @return the providers
     * @throws ConfigurationException if two that were found have one name
     */
    public static <P extends Provider> Providers<P> load(String part, ServiceLoader<P> loader, Collection<P> given) {
        Map<String, P> byName = new TreeMap<>();
        Iterator<P> found = loader.iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                add(part, byName, found.next());
            } catch (ServiceConfigurationError e) {
                log.atWarn().addKeyValue("part", part).setCause(e).log("A provider cannot be used and is skipped");
            }
        }
        given.forEach(provider -> byName.put(provider.name(), provider));
        log.atDebug()
                .addKeyValue("part", part)
                .addKeyValue("names", byName.keySet())
                .log("Providers found");
        return new Providers<>(part, byName);
    }

    private static <P extends Provider> void add(String part, Map<String, P> byName, P provider) {
        P other = byName.putIfAbsent(provider.name(), provider);
        if (other != null && other.getClass() != provider.getClass()) {
            throw new ConfigurationException(
                    part,
                    "two providers are called '" + provider.name() + "': "
                            + other.getClass().getName() + " and "
                            + provider.getClass().getName() + "; remove one from the class path");
        }
    }

    /**
     * Finds a provider.
     *
     * @param name its exact name
     * @param path where the configuration names it
     * @return the provider
     * @throws ConfigurationException if there is none; it lists the names there are
     */
    public P get(String name, String path) {
        P provider = byName.get(name);
        if (provider == null) {
            throw new ConfigurationException(
                    path,
                    "no " + part + " provider is called '" + name + "'; known: "
                            + (byName.isEmpty() ? "none; add the module that brings one" : String.join(", ", names())));
        }
        return provider;
    }

    /**
     * The names there are.
     *
     * @return sorted
     */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }
}
