package io.agenthub.core.internal.supervise;

import io.agenthub.api.Settings;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import java.util.Set;

/** The supervisor {@code backoff}. Settings: {@code maxParallelStarts}, 1 to 1,000, default 16. */
public final class BackoffSupervisorProvider implements SupervisorProvider {
    private static final int DEFAULT_PARALLEL_STARTS = 16;

    /** Called by the service loader. */
    public BackoffSupervisorProvider() {}

    @Override
    public String name() {
        return "backoff";
    }

    @Override
    public Supervisor create(Settings settings, ProviderContext context, SupervisorListener listener) {
        settings.allowOnly(Set.of("maxParallelStarts"));
        int parallel = (int) settings.integer("maxParallelStarts", 1, 1_000).orElse(DEFAULT_PARALLEL_STARTS);
        return new BackoffSupervisor(context, listener, parallel);
    }
}
