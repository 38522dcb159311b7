package io.agenthub.api.hub;

import io.agenthub.api.Settings;
import java.util.Objects;

/**
 * Which implementation of a part a hub uses.
 *
 * @param provider the provider's {@link io.agenthub.api.spi.Provider#name() name}
 * @param settings what that provider is given
 */
public record PartChoice(String provider, Settings settings) {

    /** Checks that nothing is null. */
    public PartChoice {
        Objects.requireNonNull(provider);
        Objects.requireNonNull(settings);
    }

    /**
     * A provider without settings.
     *
     * @param provider the provider's name
     * @return the choice
     */
    public static PartChoice of(String provider) {
        return new PartChoice(provider, Settings.empty(provider));
    }
}
