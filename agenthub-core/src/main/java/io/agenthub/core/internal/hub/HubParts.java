package io.agenthub.core.internal.hub;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.internal.pinning.PinFile;
import io.agenthub.core.internal.spi.Providers;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a hub is put together from.
 *
 * @param config the configuration
 * @param bridges makes connectors
 * @param supervisor makes the supervisor
 * @param enhancer the prompt enhancer
 * @param enhancing what the hub closes of the enhancer and its cache, in this order
 * @param store the activity store
 * @param closeStore whether the hub closes it
 * @param recordsNothing whether the store keeps nothing anyway
 * @param listeners hear of events
 * @param context what is lent to the parts
 * @param callbackExecutor completes the stages of callers
 * @param watch looks after the configuration file, or null if there is none to watch
 * @param pins keeps what is pinned of tools, or null if that lives as long as the hub
 * @param release releases what was created for this hub alone; called last
 */
public record HubParts(
        HubConfig config,
        Providers<BridgeProvider> bridges,
        SupervisorProvider supervisor,
        Enhancer enhancer,
        List<AsyncCloseable> enhancing,
        ActivityStore store,
        boolean closeStore,
        boolean recordsNothing,
        List<HubListener> listeners,
        ProviderContext context,
        Executor callbackExecutor,
        @Nullable ConfigurationWatch watch,
        @Nullable PinFile pins,
        Supplier<CompletionStage<Void>> release) {}
