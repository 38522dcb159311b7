package io.agenthub.api.spi;

import io.agenthub.api.hub.HubConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Reads configuration files of one format. */
public interface ConfigurationProvider extends Provider {

    /**
     * Reads a file. May block: it is called on the embedder's thread or on one made for it, never on an event loop.
     *
     * @param file the file
     * @param variables values for <code>${NAME}</code>, usually the environment
     * @return what it says
     * @throws io.agenthub.api.ConfigurationException if it cannot be read or says something that is not understood; the message
     *     names the place
     */
    HubConfig read(Path file, Function<String, Optional<String>> variables);
}
