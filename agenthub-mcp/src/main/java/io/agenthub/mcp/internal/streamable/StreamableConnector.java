package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.call.Attempts;
import io.agenthub.mcp.internal.call.Redactor;
import io.agenthub.mcp.internal.era.EraMemory;
import io.agenthub.mcp.internal.http.ClientTls;
import io.agenthub.mcp.internal.http.ConnectionPool;
import io.agenthub.mcp.internal.http.HelperThreads;
import io.netty.channel.EventLoopGroup;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Opens connections to one server, again and again. Thread-safe. */
final class StreamableConnector implements Connector {
    private final ServerSpec spec;
    private final StreamableSettings settings;
    private final ProviderContext context;
    private final Loops loops;
    private final HelperThreads helpers = new HelperThreads();
    private final ClientTls tls;
    private final EraMemory memory;
    private final Refusals refusals;
    private final Attempts attempts = new Attempts();

    StreamableConnector(ServerSpec spec, StreamableSettings settings, ProviderContext context, Loops loops) {
        this.spec = spec;
        this.settings = settings;
        this.context = context;
        this.loops = loops;
        this.tls = new ClientTls(settings.authorities(), helpers);
        this.memory = new EraMemory(context.scheduler()::nanoTime);
        Redactor redactor = new Redactor(settings.secrets());
        this.refusals = new Refusals(spec.name(), settings.endpoint(), redactor, context.scheduler()::now);
    }

    @Override
    public CompletionStage<Bridge> connect(ConnectRequest request) {
        Objects.requireNonNull(request);
        Loops.Lease lease = loops.acquire(context.shared(EventLoopGroup.class));
        ConnectionPool pool = new ConnectionPool(
                settings.endpoint(), settings.limits(), lease.loop(), context.scheduler(), helpers, tls);
        Line line = new Line(
                pool,
                lease.loop(),
                context.scheduler(),
                refusals,
                settings.headers(),
                spec.limits().maxFrameBytes());
        ConnectAttempt attempt = new ConnectAttempt(spec, settings, context, lease, line, memory, request);
        attempts.add(attempt.settled());
        attempt.begin();
        return attempt;
    }

    @Override
    public CompletionStage<Void> settled() {
        return attempts.settled(context.executor());
    }
}
