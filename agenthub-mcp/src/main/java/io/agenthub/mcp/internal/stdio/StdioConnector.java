package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.call.Attempts;
import io.agenthub.mcp.internal.era.EraMemory;
import io.agenthub.mcp.internal.process.Launcher;
import io.netty.channel.EventLoopGroup;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Starts the process of one server, again and again. Thread-safe. */
final class StdioConnector implements Connector {
    private final ServerSpec spec;
    private final StdioSettings settings;
    private final ProviderContext context;
    private final StdioResources resources;
    private final Launcher launcher;
    private final EraMemory memory;
    private final Attempts attempts = new Attempts();

    StdioConnector(ServerSpec spec, StdioSettings settings, ProviderContext context, StdioResources resources) {
        this.spec = spec;
        this.settings = settings;
        this.context = context;
        this.resources = resources;
        this.launcher = new Launcher(settings.launch());
        this.memory = new EraMemory(context.scheduler()::nanoTime);
    }

    @Override
    public CompletionStage<Bridge> connect(ConnectRequest request) {
        Objects.requireNonNull(request);
        StdioResources.Lease lease = resources.acquire(context.shared(EventLoopGroup.class));
        ConnectAttempt attempt = new ConnectAttempt(spec, settings, launcher, memory, context, lease, request);
        attempts.add(attempt.settled());
        attempt.begin();
        return attempt;
    }

    @Override
    public CompletionStage<Void> settled() {
        return attempts.settled(context.executor());
    }
}
